import type { MigrationInterface, QueryRunner } from 'typeorm';

const REVOCATION = `
CREATE TABLE token.revocation_counter (
  one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
  last_seq bigint NOT NULL CHECK (last_seq >= 0)
);
INSERT INTO token.revocation_counter (last_seq) VALUES (0);
-- The newest entry of each subject, under a number of its own: it says all that the earlier ones said.
CREATE TABLE token.revocation (
  seq bigint NOT NULL CONSTRAINT revocation_seq_key UNIQUE CHECK (seq > 0),
  kind text NOT NULL,
  -- in the words of a token's claims
  subject jsonb NOT NULL,
  mode text NOT NULL CHECK (mode IN ('off', 'cutoff')),
  -- of a cutoff: tokens issued until then are refused
  issued_before timestamptz,
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 500),
  recorded_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (kind, subject),
  CONSTRAINT revocation_issued_before CHECK ((mode = 'cutoff') = (issued_before IS NOT NULL)),
  CONSTRAINT revocation_subject CHECK (((kind = 'partner' AND subject - 'partner_id' = '{}'
      AND subject ->> 'partner_id' ~ '^ptn_[0-9a-f]{32}$')
    OR (kind = 'client' AND subject - 'client_id' = '{}' AND subject ->> 'client_id' ~ '^cli_[0-9a-f]{32}$')
    OR (kind = 'certificate' AND subject - 'thumbprint' = '{}' AND subject ->> 'thumbprint' ~ '^[A-Za-z0-9_-]{43}$')
    OR (kind = 'grant' AND subject - '{client_id,audience,scope}'::text[] = '{}'
      AND subject ->> 'client_id' ~ '^cli_[0-9a-f]{32}$'
      AND char_length(subject ->> 'audience') BETWEEN 1 AND 500
      AND char_length(subject ->> 'scope') BETWEEN 1 AND 100)) IS TRUE)
);
CREATE INDEX revocation_expiry ON token.revocation (expires_at);`;

// The published contract for the partner registry, called in the registry's own transaction: src/database/
// record-revocation.spec.ts pins it. Modes: off refuses every token of the subject; cutoff those issued until now (a
// subject that is off stays off); on turns a live off into a cutoff, and does nothing where there is none.
// Lives for the longest lifetime of a token (900 s), the longest age of a cache that may still mint one (30 s), and skew
// between clocks (60 s): after that there is nothing left to refuse.
// clock_timestamp(), because the transaction may have begun long before.
export const RECORD_REVOCATION = `
CREATE FUNCTION token.record_revocation(kind text, subject jsonb, mode text, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  present token.revocation;
  moment timestamptz;
  next_mode text;
BEGIN
  IF (record_revocation.mode IN ('off', 'cutoff', 'on')) IS NOT TRUE THEN
    RAISE EXCEPTION 'unknown mode %', record_revocation.mode USING ERRCODE = 'invalid_parameter_value';
  END IF;
  -- The counter row first: whoever records waits here, so two records of one subject follow each other, and numbers
  -- become visible in their order.
  PERFORM 1 FROM token.revocation_counter FOR UPDATE;
  moment := clock_timestamp();
  SELECT * INTO present FROM token.revocation r
    WHERE r.kind = record_revocation.kind AND r.subject = record_revocation.subject AND r.expires_at > moment;
  IF record_revocation.mode = 'on' AND present.mode IS DISTINCT FROM 'off' THEN
    RETURN;
  END IF;
  next_mode := CASE
    WHEN record_revocation.mode = 'on' THEN 'cutoff'
    WHEN present.mode = 'off' THEN 'off'
    ELSE record_revocation.mode
  END;
  WITH counter AS (UPDATE token.revocation_counter SET last_seq = last_seq + 1 RETURNING last_seq)
  INSERT INTO token.revocation AS r (seq, kind, subject, mode, issued_before, reason, recorded_at, expires_at)
  SELECT counter.last_seq, record_revocation.kind, record_revocation.subject, next_mode,
    CASE WHEN next_mode = 'cutoff' THEN moment END, record_revocation.reason, moment, moment + interval '990 seconds'
  FROM counter
  ON CONFLICT ON CONSTRAINT revocation_pkey DO UPDATE SET seq = excluded.seq, mode = excluded.mode,
    issued_before = excluded.issued_before, reason = excluded.reason, recorded_at = excluded.recorded_at,
    expires_at = excluded.expires_at;
END;
$$;`;

// A function is PUBLIC's until it is taken away. To call it is all the registry may do here.
const PRIVILEGES = `
REVOKE ALL ON FUNCTION token.record_revocation(text, jsonb, text, text) FROM PUBLIC;
GRANT USAGE ON SCHEMA token TO partner_registry_app;
GRANT EXECUTE ON FUNCTION token.record_revocation(text, jsonb, text, text) TO partner_registry_app;
GRANT SELECT ON token.revocation, token.revocation_counter TO token_service_app;`;

export class Revocations1763900000000 implements MigrationInterface {
  readonly name = 'Revocations1763900000000';

  async up(runner: QueryRunner): Promise<void> {
    const callers = (await runner.query(`SELECT 1 FROM pg_roles WHERE rolname = 'partner_registry_app'`)) as unknown[];
    if (callers.length === 0) {
      throw new Error(
        'The role partner_registry_app does not exist yet: run prepare-database of the partner registry first',
      );
    }
    for (const part of [REVOCATION, RECORD_REVOCATION, PRIVILEGES]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION token.record_revocation(text, jsonb, text, text)');
    await runner.query('DROP TABLE token.revocation');
    await runner.query('DROP TABLE token.revocation_counter');
    await runner.query('REVOKE USAGE ON SCHEMA token FROM partner_registry_app');
  }
}
