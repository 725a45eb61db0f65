import { Module, type DynamicModule } from '@nestjs/common';
import {
  MtlsBindingModule,
  type MtlsBindingOptions,
  type RemoteKeys,
  type RevocationFollower,
} from '@partner-ecosystem/mtls-binding';
import type { Logger } from '@partner-ecosystem/platform/logging';
import type { BindingConfig } from './configuration/config.js';
import { ISSUER_KEYS, IssuerModule, REVOCATIONS } from './issuer.module.js';
import { protectedResourceMetadataUrl } from './protected-resource/protected-resource-metadata.js';

/**
 * Guards every route of the API: it answers only to a token of our issuer, made for this API, bound to the certificate of
 * the caller's connection and not revoked. `@Public()` opens a route.
 */
@Module({})
export class BindingModule {
  static forApi(config: BindingConfig, logger: Logger): DynamicModule {
    const guarded = MtlsBindingModule.forRootAsync({
      imports: [IssuerModule.forConfig(config, logger)],
      inject: [ISSUER_KEYS, REVOCATIONS],
      useFactory: (keys: RemoteKeys, revocations: RevocationFollower): MtlsBindingOptions => ({
        issuer: config.issuer,
        audience: config.audience,
        keys,
        revocations,
        certificateSource: config.certificateSource,
        resourceMetadataUrl: protectedResourceMetadataUrl(config.audience),
      }),
    });
    return { module: BindingModule, imports: [guarded], exports: [MtlsBindingModule] };
  }
}
