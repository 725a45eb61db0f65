import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SigningKeys1763800000000 implements MigrationInterface {
  readonly name = 'SigningKeys1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE token.signing_key (
        kid text PRIMARY KEY CHECK (length(kid) = 43),
        alg text NOT NULL CHECK (alg IN ('ES256', 'PS256', 'EdDSA')),
        status text NOT NULL CHECK (status IN ('current', 'retired')),
        public_jwk jsonb NOT NULL CHECK (NOT public_jwk ? 'd'),
        private_jwe text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX signing_key_one_current ON token.signing_key (alg) WHERE status = 'current'`,
    );
    await runner.query(`GRANT USAGE ON SCHEMA token TO token_service_app`);
    await runner.query(`GRANT SELECT, INSERT ON token.signing_key TO token_service_app`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE token.signing_key`);
  }
}
