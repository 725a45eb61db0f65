import type { INestApplicationContext } from '@nestjs/common';
import type { RemoteKeys, RevocationFollower } from '@partner-ecosystem/mtls-binding';
import { pingDatabase } from '@partner-ecosystem/platform/database';
import type { ReadinessCheck } from '@partner-ecosystem/platform/health';
import { DataSource } from 'typeorm';
import { ISSUER_KEYS, REVOCATIONS } from './issuer/issuer.module.js';

/** What the registry needs before it can answer: its database, keys to verify tokens with, and the revocations. */
export function readinessChecks(app: INestApplicationContext): ReadinessCheck[] {
  const dataSource = app.get(DataSource);
  const issuerKeys = app.get<RemoteKeys>(ISSUER_KEYS, { strict: false });
  const revocations = app.get<RevocationFollower>(REVOCATIONS, { strict: false });
  return [
    { name: 'database', check: () => pingDatabase(dataSource) },
    { name: 'issuer_keys', check: () => issuerKeys.ready() },
    { name: 'revocations', check: () => revocations.ready() },
  ];
}
