import { Module, type DynamicModule } from '@nestjs/common';
import { MtlsBindingModule, type CertificateSource, type MtlsBindingOptions } from '@partner-ecosystem/mtls-binding';
import { SigningKeysModule } from './signing-keys/signing-keys.module.js';
import { SigningKeys } from './signing-keys/signing-keys.js';

/**
 * This app guards its own routes like every API does: its audience is its issuer identifier, its keys come from within.
 * `@Public()` opens a route.
 */
@Module({})
export class BindingModule {
  static forIssuer({
    issuer,
    certificateSource,
  }: {
    issuer: string;
    certificateSource: CertificateSource;
  }): DynamicModule {
    const guarded = MtlsBindingModule.forRootAsync({
      imports: [SigningKeysModule],
      inject: [SigningKeys],
      useFactory: (keys: SigningKeys): MtlsBindingOptions => ({
        issuer,
        audience: issuer,
        keys: keys.verificationKey,
        certificateSource,
      }),
    });
    return { module: BindingModule, imports: [guarded], exports: [MtlsBindingModule] };
  }
}
