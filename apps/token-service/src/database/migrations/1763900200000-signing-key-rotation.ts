import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SigningKeyRotation1763900200000 implements MigrationInterface {
  readonly name = 'SigningKeyRotation1763900200000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...STATES, ...MOVES, ...PRIVILEGES]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of REVERSE) await runner.query(statement);
  }
}

const STATES = [
  `ALTER TABLE token.signing_key
     DROP CONSTRAINT signing_key_status_check,
     ALTER COLUMN private_jwe DROP NOT NULL,
     ADD COLUMN activated_at timestamptz,
     ADD COLUMN retired_at timestamptz,
     ADD COLUMN deleted_at timestamptz,
     ADD COLUMN distrusted_at timestamptz`,
  `UPDATE token.signing_key
      SET activated_at = created_at, retired_at = CASE status WHEN 'retired' THEN clock_timestamp() END`,
  `ALTER TABLE token.signing_key
     ADD CONSTRAINT signing_key_status_check
       CHECK (status IN ('next', 'current', 'retired', 'deleted', 'distrusted')),
     ADD CONSTRAINT signing_key_current_since CHECK (status <> 'current' OR activated_at IS NOT NULL),
     ADD CONSTRAINT signing_key_retired_since CHECK (status <> 'retired' OR retired_at IS NOT NULL),
     ADD CONSTRAINT signing_key_deleted_since CHECK (status <> 'deleted' OR deleted_at IS NOT NULL),
     ADD CONSTRAINT signing_key_distrusted_since CHECK ((status = 'distrusted') = (distrusted_at IS NOT NULL)),
     ADD CONSTRAINT signing_key_private_part CHECK ((private_jwe IS NULL) = (status IN ('deleted', 'distrusted'))),
     ADD CONSTRAINT signing_key_public_part_only CHECK (NOT public_jwk ?| ARRAY['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'])`,
  `CREATE UNIQUE INDEX signing_key_one_next ON token.signing_key (alg) WHERE status = 'next'`,
];

// The database, not the app, says when a key moved, destroys the private part, and knows no way back.
const MOVES = [
  `CREATE FUNCTION token.signing_key_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
   DECLARE
     moment CONSTANT timestamptz := clock_timestamp();
     move CONSTANT text := CASE TG_OP WHEN 'INSERT' THEN 'new' ELSE OLD.status END || ' -> ' || NEW.status;
   BEGIN
     IF TG_OP = 'UPDATE' AND OLD.status = NEW.status THEN RETURN NEW; END IF;
     IF move NOT IN ('new -> next', 'new -> current', 'next -> current', 'current -> retired', 'retired -> deleted',
                     'next -> deleted', 'next -> distrusted', 'current -> distrusted', 'retired -> distrusted',
                     'deleted -> distrusted') THEN
       RAISE EXCEPTION 'a signing key does not move %', move USING ERRCODE = 'check_violation';
     END IF;
     IF TG_OP = 'INSERT' THEN NEW.created_at := moment; END IF;
     CASE NEW.status
       WHEN 'current' THEN NEW.activated_at := moment;
       WHEN 'retired' THEN NEW.retired_at := moment;
       WHEN 'deleted' THEN NEW.deleted_at := moment; NEW.private_jwe := NULL;
       WHEN 'distrusted' THEN NEW.distrusted_at := moment; NEW.private_jwe := NULL;
       ELSE NULL;
     END CASE;
     RETURN NEW;
   END $$`,
  `REVOKE ALL ON FUNCTION token.signing_key_moves() FROM PUBLIC`,
  `CREATE TRIGGER signing_key_moves BEFORE INSERT OR UPDATE ON token.signing_key
     FOR EACH ROW EXECUTE FUNCTION token.signing_key_moves()`,
];

const PRIVILEGES = [
  `REVOKE INSERT ON token.signing_key FROM token_service_app`,
  `GRANT INSERT (kid, alg, status, public_jwk, private_jwe), UPDATE (status, private_jwe)
      ON token.signing_key TO token_service_app`,
];

const REVERSE = [
  `DROP TRIGGER signing_key_moves ON token.signing_key`,
  `DROP FUNCTION token.signing_key_moves()`,
  `DELETE FROM token.signing_key WHERE status NOT IN ('current', 'retired')`,
  `DROP INDEX token.signing_key_one_next`,
  `ALTER TABLE token.signing_key
     DROP CONSTRAINT signing_key_status_check,
     DROP CONSTRAINT signing_key_current_since,
     DROP CONSTRAINT signing_key_retired_since,
     DROP CONSTRAINT signing_key_deleted_since,
     DROP CONSTRAINT signing_key_distrusted_since,
     DROP CONSTRAINT signing_key_private_part,
     DROP CONSTRAINT signing_key_public_part_only,
     DROP COLUMN activated_at,
     DROP COLUMN retired_at,
     DROP COLUMN deleted_at,
     DROP COLUMN distrusted_at,
     ALTER COLUMN private_jwe SET NOT NULL,
     ADD CONSTRAINT signing_key_status_check CHECK (status IN ('current', 'retired'))`,
  `REVOKE INSERT (kid, alg, status, public_jwk, private_jwe), UPDATE (status, private_jwe)
      ON token.signing_key FROM token_service_app`,
  `GRANT INSERT ON token.signing_key TO token_service_app`,
];
