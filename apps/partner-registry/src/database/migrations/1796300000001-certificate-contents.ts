import type { MigrationInterface, QueryRunner } from 'typeorm';
import { REGISTERED_CLIENT } from './certificate-contents/published-views.js';
import { CERTIFICATES, TBS_SHA256 } from './certificate-contents/tables.js';

// Raw SQL on purpose, as in the first migration. Runs as partner_registry_owner.

/** Certificates are denied by what was signed, which no holder can vary. */
export class CertificateContents1796300000001 implements MigrationInterface {
  readonly name = 'CertificateContents1796300000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [TBS_SHA256, CERTIFICATES, REGISTERED_CLIENT]) await runner.query(part);
  }

  down(): Promise<void> {
    throw new Error('A revoked certificate could come back under another signature: restore the database instead');
  }
}
