import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import {
  MtlsBindingModule,
  remoteKeys,
  type MtlsBindingOptions,
  type RemoteKeys,
} from '@partner-ecosystem/mtls-binding';
import { trustedFetch } from '@partner-ecosystem/platform/http-client';
import type { BindingConfig } from './config.js';
import { protectedResourceMetadataUrl } from './protected-resource/protected-resource-metadata.js';

/** The issuer's `RemoteKeys`: the guard verifies with them, and the API is ready once they are held. */
export const ISSUER_KEYS = Symbol('ISSUER_KEYS');

/**
 * Guards every route of the API: it answers only to a token of our issuer, made for this API and bound to the
 * certificate of the caller's connection. `@Public()` opens a route.
 */
@Module({})
export class BindingModule {
  static forApi(config: BindingConfig): DynamicModule {
    const issuerKeys: FactoryProvider<RemoteKeys> = {
      provide: ISSUER_KEYS,
      useFactory: () => remoteKeys({ jwksUri: config.jwksUri, fetch: trustedFetch({ ca: config.issuerCa }) }),
    };
    const guarded = MtlsBindingModule.forRootAsync({
      provideInjectionTokensFrom: [issuerKeys],
      inject: [ISSUER_KEYS],
      useFactory: (keys: RemoteKeys): MtlsBindingOptions => ({
        issuer: config.issuer,
        audience: config.audience,
        keys,
        certificateSource: config.certificateSource,
        resourceMetadataUrl: protectedResourceMetadataUrl(config.audience),
      }),
    });
    return { module: BindingModule, imports: [guarded], exports: [MtlsBindingModule] };
  }
}
