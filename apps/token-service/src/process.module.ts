import { Global, Module, type DynamicModule } from '@nestjs/common';
import { LimitsPolicy } from '@partner-ecosystem/platform/limits';
import type { Logger } from '@partner-ecosystem/platform/logging';
import { AuthenticationEventsPolicy } from './authentication-events/authentication-events-policy.js';
import { KeySetSource } from './clients/partner-keys/key-set-source.js';
import { RegisteredClientsPolicy } from './clients/registered-clients/registered-clients-policy.js';
import type { ServiceConfig } from './configuration/config.js';
import { DATABASE_URL } from './database/database-url.js';
import { LOGGER } from './process/logger.js';
import { IssuerIdentity } from './process/issuer-identity.js';
import { RevocationFeedPolicy } from './revocation-feed/revocation-feed-policy.js';
import { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import { SigningKeyPolicy } from './signing-keys/signing-key-policy.js';

/** What belongs to the process rather than to a feature: its logger, its identity, its database, its policies. */
@Global()
@Module({})
export class ProcessModule {
  static of(config: ServiceConfig, logger: Logger): DynamicModule {
    const { issuer, mtlsBaseUrl, keyEncryptionKey, signingKeys, partnerKeys } = config;
    const providers = [
      { provide: LOGGER, useValue: logger },
      { provide: IssuerIdentity, useValue: new IssuerIdentity(issuer, mtlsBaseUrl) },
      { provide: KeyEncryptionKey, useValue: keyEncryptionKey },
      { provide: SigningKeyPolicy, useValue: signingKeys },
      { provide: KeySetSource, useValue: partnerKeys },
      { provide: DATABASE_URL, useValue: config.databaseUrl },
      { provide: RegisteredClientsPolicy, useValue: config.registeredClients },
      { provide: AuthenticationEventsPolicy, useValue: config.authenticationEvents },
      { provide: RevocationFeedPolicy, useValue: config.revocationFeed },
      { provide: LimitsPolicy, useValue: config.limits },
    ];
    return { module: ProcessModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}
