import { Module, type DynamicModule } from '@nestjs/common';
import { MtlsBindingModule, type CertificateSource, type MtlsBindingOptions } from '@partner-ecosystem/mtls-binding';
import { RevocationFeedModule } from './revocation-feed/revocation-feed.module.js';
import { RevocationFeed } from './revocation-feed/revocation-feed.js';
import { revocationsForFollowers } from './revocation-feed/revocations-for-followers.js';
import { SigningKeysModule } from './signing-keys/signing-keys.module.js';
import { SigningKeys } from './signing-keys/signing-keys.js';

/**
 * This app guards its own routes like every API does: its audience is its issuer identifier, its keys and the
 * revocations come from within.
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
      imports: [SigningKeysModule, RevocationFeedModule],
      inject: [SigningKeys, RevocationFeed],
      useFactory: (keys: SigningKeys, feed: RevocationFeed): MtlsBindingOptions => ({
        issuer,
        audience: issuer,
        keys: keys.verificationKey,
        certificateSource,
        revocations: revocationsForFollowers(feed),
      }),
    });
    return { module: BindingModule, imports: [guarded], exports: [MtlsBindingModule] };
  }
}
