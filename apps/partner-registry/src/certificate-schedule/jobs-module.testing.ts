import type { DynamicModule } from '@nestjs/common';
import { tlsSocket } from '@partner-ecosystem/mtls-binding';
import { PermittedNetworks } from '@partner-ecosystem/platform/http-client';
import type { Logger } from '@partner-ecosystem/platform/logging';
import { DatabaseModule } from '../database/database.module.js';
import { ISSUER_KEYS } from '../issuer/issuer.module.js';
import { PROVIDERS } from '../providers.js';
import { settingsOf } from '../registry-settings.js';

const DAY_MS = 86_400_000;

/** The jobs of the registry without routes and without an issuer to follow; none begins by itself. */
export class JobsModule {
  static on(databaseUrl: string, logger: Logger): DynamicModule {
    const settings = settingsOf(
      {
        databaseUrl,
        binding: {
          audience: 'https://registry.test',
          issuer: 'https://issuer.test',
          jwksUri: 'https://issuer.test/jwks',
          issuerCa: undefined,
          certificateSource: tlsSocket(),
          clientId: `cli_${'e'.repeat(32)}`,
          clientCertificate: { certFile: '', keyFile: '' },
        },
        auditHeads: undefined,
        scheduledWork: false,
        crls: { networks: new PermittedNetworks([]), ca: undefined, maxBytes: 1, timeoutMs: 1 },
        certificateAuthority: {
          keyEncryptionKey: undefined,
          crlValidityMs: DAY_MS,
          validityMs: { production: DAY_MS, sandbox: DAY_MS },
        },
      },
      logger,
    );
    const noIssuer = { provide: ISSUER_KEYS, useValue: null };
    return {
      module: JobsModule,
      imports: [DatabaseModule.forUrl(databaseUrl)],
      providers: [...settings, noIssuer, ...PROVIDERS],
    };
  }
}
