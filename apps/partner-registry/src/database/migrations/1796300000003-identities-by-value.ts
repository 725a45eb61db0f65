import type { MigrationInterface, QueryRunner } from 'typeorm';

// Raw SQL on purpose, as in the first migration. Runs as partner_registry_owner.

/** Who is known by a subject value, under whichever anchor. */
export class IdentitiesByValue1796300000003 implements MigrationInterface {
  readonly name = 'IdentitiesByValue1796300000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE INDEX client_trust_anchors_by_identity ON registry.client_trust_anchors (identity_kind, identity_sha256)
  WHERE identity_kind IS NOT NULL;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX registry.client_trust_anchors_by_identity');
  }
}
