import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from '@partner-ecosystem/platform/logging';
import type { ServiceConfig } from './config.js';
import { LOGGER } from './logger.js';
import { IssuerIdentity } from './metadata/issuer-identity.js';
import { KeyEncryptionKey } from './signing-keys/key-encryption-key.js';

/** What belongs to the process rather than to a feature: its logger, its identity, the key-encryption key. */
@Global()
@Module({})
export class ProcessModule {
  static of({ issuer, mtlsBaseUrl, keyEncryptionKey }: ServiceConfig, logger: Logger): DynamicModule {
    const providers = [
      { provide: LOGGER, useValue: logger },
      { provide: IssuerIdentity, useValue: new IssuerIdentity(issuer, mtlsBaseUrl) },
      { provide: KeyEncryptionKey, useValue: keyEncryptionKey },
    ];
    return { module: ProcessModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}
