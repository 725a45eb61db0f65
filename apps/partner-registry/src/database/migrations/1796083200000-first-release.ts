import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CERTIFICATE_AUTHORITIES } from './first-release/certificate-authorities.js';
import { CERTIFICATE_REQUESTS, CERTIFICATES } from './first-release/certificates.js';
import { CLIENTS } from './first-release/clients.js';
import { CRLS } from './first-release/crls.js';
import { GRANTS } from './first-release/grants.js';
import { AUDIT, IDEMPOTENCY, OUTBOX } from './first-release/mutations.js';
import { PARTNERS } from './first-release/partners.js';
import { APP_PRIVILEGES, TOKEN_SERVICE_PRIVILEGES } from './first-release/privileges.js';
import { RESOURCE_SERVER_CLIENTS, RESOURCE_SERVERS } from './first-release/resource-servers.js';
import { IDENTITIES, TRUST_ANCHORS } from './first-release/trust-anchors.js';
import { PUBLIC_KEY_OWNER } from './first-release/views/public-key-owner.js';
import { PUBLISHED_CRL } from './first-release/views/published-crl.js';
import { REGISTERED_CLIENT_CHANGE } from './first-release/views/registered-client-change.js';
import { REGISTERED_CLIENT } from './first-release/views/registered-client.js';

// Raw SQL on purpose: a migration must keep doing what it did when it was written, whatever the entities become.
// Runs as partner_registry_owner; names are qualified, so that no search_path decides where a table lands.

const TABLES = [
  ...[PARTNERS, RESOURCE_SERVERS, CLIENTS, RESOURCE_SERVER_CLIENTS, TRUST_ANCHORS, IDENTITIES, CRLS],
  ...[CERTIFICATE_AUTHORITIES, CERTIFICATES, CERTIFICATE_REQUESTS, GRANTS, AUDIT, OUTBOX, IDEMPOTENCY],
];
const VIEWS = [REGISTERED_CLIENT, REGISTERED_CLIENT_CHANGE, PUBLIC_KEY_OWNER, PUBLISHED_CRL];

/** All of the registry in 0.1.0: `first-release/` holds the SQL, a file for each subject and for each published view. */
export class FirstRelease1796083200000 implements MigrationInterface {
  readonly name = 'FirstRelease1796083200000';

  async up(runner: QueryRunner): Promise<void> {
    const readers = (await runner.query(`SELECT 1 FROM pg_roles WHERE rolname = 'token_service_app'`)) as unknown[];
    if (readers.length === 0) {
      throw new Error('The role token_service_app does not exist yet: run prepare-database of the token service first');
    }
    for (const part of [...TABLES, ...VIEWS, APP_PRIVILEGES, TOKEN_SERVICE_PRIVILEGES]) await runner.query(part);
  }

  down(): Promise<void> {
    throw new Error('Before the first release there is nothing: restore the database instead');
  }
}
