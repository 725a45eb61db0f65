import type { MigrationInterface, QueryRunner } from 'typeorm';

// Raw SQL on purpose, as in the first migration. Runs as partner_registry_owner.

const SCOPES = `
ALTER TABLE registry.crls
  -- of its issuing distribution point (RFC 5280 5.2.5): an authority may publish several lists, each about some
  -- certificates; null: about all of them
  ADD COLUMN scope_sha256 text CHECK (scope_sha256 ~ '^[0-9a-f]{64}$'),
  DROP CONSTRAINT crls_of_uri,
  ADD CONSTRAINT crls_of_uri UNIQUE NULLS NOT DISTINCT (trust_anchor_id, uri, issuer_spki_sha256, scope_sha256);
GRANT UPDATE (scope_sha256) ON registry.crls TO partner_registry_app;`;

/** Lists with different issuing distribution points stand beside each other. */
export class RevocationListScopes1796300000002 implements MigrationInterface {
  readonly name = 'RevocationListScopes1796300000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SCOPES);
  }

  down(): Promise<void> {
    throw new Error('Lists of one authority would take the place of each other: restore the database instead');
  }
}
