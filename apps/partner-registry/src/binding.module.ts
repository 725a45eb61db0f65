import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import {
  MtlsBindingModule,
  remoteKeys,
  type MtlsBindingOptions,
  type RemoteKeys,
} from '@partner-ecosystem/mtls-binding';
import { trustedFetch } from '@partner-ecosystem/platform/http-client';
import type { BindingConfig } from './config.js';

/** The issuer's `RemoteKeys`: the guard verifies with them, and the registry is ready once they are held. */
export const ISSUER_KEYS = Symbol('ISSUER_KEYS');

/**
 * Guards every route: the registry answers only to a token of our issuer, made for it and bound to the certificate of
 * the caller's connection. `@Public()` opens a route.
 */
@Module({})
export class BindingModule {
  static forRegistry(config: BindingConfig): DynamicModule {
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
      }),
    });
    return { module: BindingModule, imports: [guarded], exports: [MtlsBindingModule] };
  }
}
