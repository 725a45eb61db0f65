import type { MigrationInterface, QueryRunner } from 'typeorm';
import { REGISTERED_CLIENT, REVOCATION_LIST } from './certificate-life/published-views.js';
import {
  CERTIFICATE_AUTHORITIES,
  CERTIFICATE_REQUESTS,
  NEW_SCOPES,
  OWNERS,
  PRIVILEGES,
  REVOCATION_LISTS,
  ROTATION,
} from './certificate-life/tables.js';

// Raw SQL on purpose, as in the first migration. Runs as partner_registry_owner.

/** Own authorities, requests for certificates, dates of activation and retirement, revocation lists of others. */
export class CertificateLife1764100000000 implements MigrationInterface {
  readonly name = 'CertificateLife1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    const tables = [CERTIFICATE_AUTHORITIES, CERTIFICATE_REQUESTS, OWNERS, ROTATION, REVOCATION_LISTS];
    for (const part of [...tables, REGISTERED_CLIENT, REVOCATION_LIST, NEW_SCOPES, PRIVILEGES]) {
      await runner.query(part);
    }
  }

  down(): Promise<void> {
    throw new Error('Issued certificates and their revocations cannot be taken back: restore the database instead');
  }
}
