import type { MigrationInterface, QueryRunner } from 'typeorm';

// A20: the feed is signed with keys of its own, which rotate like the others.
export class SigningKeyPurpose1764000100000 implements MigrationInterface {
  readonly name = 'SigningKeyPurpose1764000100000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of REVERSE) await runner.query(statement);
  }
}

const STATEMENTS = [
  `ALTER TABLE token.signing_key
     ADD COLUMN purpose text NOT NULL DEFAULT 'access_token'
       CONSTRAINT signing_key_purpose CHECK (purpose IN ('access_token', 'revocation_feed')),
     ADD CONSTRAINT signing_key_feed_algorithm CHECK (purpose <> 'revocation_feed' OR alg = 'ES256')`,
  `DROP INDEX token.signing_key_one_current`,
  `DROP INDEX token.signing_key_one_next`,
  `CREATE UNIQUE INDEX signing_key_one_current ON token.signing_key (purpose, alg) WHERE status = 'current'`,
  `CREATE UNIQUE INDEX signing_key_one_next ON token.signing_key (purpose, alg) WHERE status = 'next'`,
  // For life: a key that signed tokens can never come to speak for the feed.
  `GRANT INSERT (purpose) ON token.signing_key TO token_service_app`,
];

const REVERSE = [
  `DELETE FROM token.signing_key WHERE purpose <> 'access_token'`,
  `DROP INDEX token.signing_key_one_current`,
  `DROP INDEX token.signing_key_one_next`,
  `ALTER TABLE token.signing_key DROP COLUMN purpose`,
  `CREATE UNIQUE INDEX signing_key_one_current ON token.signing_key (alg) WHERE status = 'current'`,
  `CREATE UNIQUE INDEX signing_key_one_next ON token.signing_key (alg) WHERE status = 'next'`,
];
