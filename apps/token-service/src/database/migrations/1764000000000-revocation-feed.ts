import type { MigrationInterface, QueryRunner } from 'typeorm';
import { RECORD_REVOCATION as RECORD_REVOCATION_BEFORE } from './1763900000000-revocations.js';

// Raw SQL on purpose: it must keep doing what it did when it was written. Runs as token_service_owner.

const SUBJECTS_BEFORE = `(kind = 'partner' AND subject - 'partner_id' = '{}'
      AND subject ->> 'partner_id' ~ '^ptn_[0-9a-f]{32}$')
    OR (kind = 'client' AND subject - 'client_id' = '{}' AND subject ->> 'client_id' ~ '^cli_[0-9a-f]{32}$')
    OR (kind = 'certificate' AND subject - 'thumbprint' = '{}' AND subject ->> 'thumbprint' ~ '^[A-Za-z0-9_-]{43}$')
    OR (kind = 'grant' AND subject - '{client_id,audience,scope}'::text[] = '{}'
      AND subject ->> 'client_id' ~ '^cli_[0-9a-f]{32}$'
      AND char_length(subject ->> 'audience') BETWEEN 1 AND 500
      AND char_length(subject ->> 'scope') BETWEEN 1 AND 100)`;

const TABLES = `
ALTER TABLE token.revocation
  -- whom the subject belongs to, as far as known: only for coarsening
  ADD COLUMN within jsonb NOT NULL DEFAULT '{}',
  DROP CONSTRAINT revocation_issued_before,
  DROP CONSTRAINT revocation_subject,
  -- an off keeps what a cutoff before it said
  ADD CONSTRAINT revocation_issued_before CHECK (mode = 'off' OR issued_before IS NOT NULL),
  ADD CONSTRAINT revocation_all_is_a_cutoff CHECK (kind <> 'all' OR mode = 'cutoff'),
  ADD CONSTRAINT revocation_within CHECK ((within - '{partner_id,client_id}'::text[] = '{}'
    AND coalesce(within ->> 'partner_id' ~ '^ptn_[0-9a-f]{32}$', NOT within ? 'partner_id')
    AND coalesce(within ->> 'client_id' ~ '^cli_[0-9a-f]{32}$', NOT within ? 'client_id')) IS TRUE),
  ADD CONSTRAINT revocation_subject CHECK ((${SUBJECTS_BEFORE}
    OR (kind = 'jti' AND subject - 'jti' = '{}' AND subject ->> 'jti' ~ '^[A-Za-z0-9_-]{16,128}$')
    OR (kind = 'key' AND subject - 'kid' = '{}' AND subject ->> 'kid' ~ '^[A-Za-z0-9_-]{43}$')
    OR (kind = 'all' AND subject = '{}')) IS TRUE);
CREATE INDEX revocation_issued_before_idx ON token.revocation (issued_before) WHERE issued_before IS NOT NULL;
ALTER TABLE token.revocation_counter
  -- one history of the numbers; a restored database begins another
  ADD COLUMN epoch text NOT NULL DEFAULT gen_random_uuid()::text CHECK (epoch ~ '^[0-9a-f-]{36}$'),
  -- where the epoch lives; null until it was first looked at
  ADD COLUMN history text;`;

// The one that does the work, for its owner's other functions only.
// A cutoff reaches two seconds past the moment, because the clocks of those who date tokens may differ from this one by
// so much (they check it). A token may also have been dated just after a cutoff that was still ahead, by at most four
// seconds: a cutoff that follows within that time, of anything a token of both could be, reaches past that too.
// clock_timestamp(), because the transaction may have begun long before.
const PUT_REVOCATION = `
CREATE FUNCTION token.put_revocation(kind text, subject jsonb, mode text, reason text, within jsonb, lives interval)
RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  present token.revocation;
  moment timestamptz;
  next_mode text;
  names jsonb := coalesce(put_revocation.within, '{}') || put_revocation.subject;
  ahead timestamptz;
  stored bigint;
BEGIN
  IF (put_revocation.mode IN ('off', 'cutoff', 'on')) IS NOT TRUE THEN
    RAISE EXCEPTION 'unknown mode %', put_revocation.mode USING ERRCODE = 'invalid_parameter_value';
  END IF;
  -- The counter row first: whoever records waits here, so two records of one subject follow each other, and numbers
  -- become visible in their order.
  PERFORM 1 FROM token.revocation_counter FOR UPDATE;
  moment := clock_timestamp();
  SELECT * INTO present FROM token.revocation r
    WHERE r.kind = put_revocation.kind AND r.subject = put_revocation.subject AND r.expires_at > moment;
  IF put_revocation.mode = 'on' AND present.mode IS DISTINCT FROM 'off' THEN
    RETURN NULL;
  END IF;
  next_mode := CASE
    WHEN put_revocation.mode = 'on' THEN 'cutoff'
    WHEN present.mode = 'off' THEN 'off'
    ELSE put_revocation.mode
  END;
  IF next_mode = 'cutoff' THEN
    SELECT date_trunc('second', max(r.issued_before)) + interval '1 second' INTO ahead FROM token.revocation r
      WHERE r.issued_before > moment AND ('all' IN (r.kind, put_revocation.kind) OR EXISTS (
        SELECT 1 FROM jsonb_each(r.within || r.subject) AS other
         WHERE other.key IN ('partner_id', 'client_id', 'thumbprint') AND other.value = names -> other.key));
    ahead := least(greatest(moment + interval '2 seconds', ahead), moment + interval '6 seconds');
  END IF;
  WITH counter AS (UPDATE token.revocation_counter SET last_seq = last_seq + 1 RETURNING last_seq)
  INSERT INTO token.revocation AS r (seq, kind, subject, mode, issued_before, reason, recorded_at, expires_at, within)
  SELECT counter.last_seq, put_revocation.kind, put_revocation.subject, next_mode, ahead, put_revocation.reason, moment,
    moment + lives, coalesce(put_revocation.within, '{}')
  FROM counter
  ON CONFLICT ON CONSTRAINT revocation_pkey DO UPDATE SET seq = excluded.seq, mode = excluded.mode,
    issued_before = greatest(excluded.issued_before, r.issued_before), reason = excluded.reason,
    recorded_at = excluded.recorded_at, expires_at = excluded.expires_at, within = r.within || excluded.within
  RETURNING r.seq INTO stored;
  -- A hint, for those who listen: delivered when the number can be read.
  PERFORM pg_notify('revocations', stored::text);
  RETURN stored;
END;
$$;
REVOKE ALL ON FUNCTION token.put_revocation(text, jsonb, text, text, jsonb, interval) FROM PUBLIC;`;

// The published contract for the partner registry, called in the registry's own transaction: src/database/
// record-revocation.spec.ts pins it. Modes: off refuses every token of the subject; cutoff those issued until now (a
// subject that is off stays off); on turns a live off into a cutoff, and does nothing where there is none.
// Returns the number under which the feed carries the subject's entry; null when there was nothing to turn on.
// within: {partner_id, client_id} that the subject belongs to, as far as known.
// Lives for the longest lifetime of a token (900 s), the longest age of a cache that may still mint one (30 s), and skew
// between clocks (60 s): after that there is nothing left to refuse.
const RECORD_REVOCATION = `
DROP FUNCTION token.record_revocation(text, jsonb, text, text);
CREATE FUNCTION token.record_revocation(kind text, subject jsonb, mode text, reason text, within jsonb DEFAULT '{}')
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (record_revocation.kind IN ('partner', 'client', 'certificate', 'grant', 'all')) IS NOT TRUE THEN
    RAISE EXCEPTION 'unknown kind %', record_revocation.kind USING ERRCODE = 'check_violation';
  END IF;
  RETURN token.put_revocation(kind, subject, mode, reason, within, interval '990 seconds');
END;
$$;
REVOKE ALL ON FUNCTION token.record_revocation(text, jsonb, text, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION token.record_revocation(text, jsonb, text, text, jsonb) TO partner_registry_app;`;

// What this service records itself. A token is off: it was issued already. A key is off for longer than anybody keeps
// a key set, because who stole it may date tokens as they like.
const RECORD_OUR_OWN = `
CREATE FUNCTION token.record_token_revocation(jti text, client_id text, partner_id text, reason text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT token.put_revocation('jti', jsonb_build_object('jti', jti), 'off', reason,
    jsonb_strip_nulls(jsonb_build_object('partner_id', partner_id, 'client_id', client_id)), interval '990 seconds');
$$;
REVOKE ALL ON FUNCTION token.record_token_revocation(text, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION token.record_token_revocation(text, text, text, text) TO token_service_app;
CREATE FUNCTION token.record_key_distrust(kid text, reason text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT token.put_revocation('key', jsonb_build_object('kid', kid), 'off', reason, '{}', interval '1 day');
$$;
REVOKE ALL ON FUNCTION token.record_key_distrust(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION token.record_key_distrust(text, text) TO token_service_app;`;

// A new epoch: revocations since the backup may be lost, so whoever holds an older token must ask for a new one.
// Only while the epoch is still from_epoch, if one is named: replicas that notice together begin one.
const EPOCHS = `
CREATE FUNCTION token.begin_revocation_epoch(reason text, from_epoch text DEFAULT NULL)
RETURNS TABLE (epoch text, seq bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  present token.revocation_counter;
BEGIN
  SELECT * INTO present FROM token.revocation_counter FOR UPDATE;
  IF from_epoch IS NULL OR from_epoch = present.epoch THEN
    UPDATE token.revocation_counter SET epoch = gen_random_uuid()::text, history = token.revocation_history();
    PERFORM token.put_revocation('all', '{}', 'cutoff', begin_revocation_epoch.reason, '{}', interval '990 seconds');
  END IF;
  RETURN QUERY SELECT c.epoch, c.last_seq FROM token.revocation_counter c;
END;
$$;
REVOKE ALL ON FUNCTION token.begin_revocation_epoch(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION token.begin_revocation_epoch(text, text) TO token_service_app;`;

// Numbers of one cluster, on one timeline (a failover or a restore begins another), of one making of the table. As much
// of it as this server tells.
const HISTORY = `
CREATE FUNCTION token.revocation_history() RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made CONSTANT text := 'token.revocation'::regclass::oid::text;
BEGIN
  RETURN concat_ws('/', (SELECT system_identifier FROM pg_control_system()),
    left(pg_walfile_name(pg_current_wal_lsn()), 8), made);
EXCEPTION WHEN insufficient_privilege OR undefined_function OR feature_not_supported THEN
  RETURN made;
END;
$$;
REVOKE ALL ON FUNCTION token.revocation_history() FROM PUBLIC;`;

// Called at every (re)connect. The first time it only remembers; where the history is another one, an epoch begins.
const CONFIRM_HISTORY = `
CREATE FUNCTION token.confirm_revocation_history() RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  present token.revocation_counter;
  here CONSTANT text := token.revocation_history();
BEGIN
  SELECT * INTO present FROM token.revocation_counter;
  IF present.history = here THEN
    RETURN present.epoch;
  END IF;
  SELECT * INTO present FROM token.revocation_counter FOR UPDATE;
  IF present.history IS NULL THEN
    UPDATE token.revocation_counter SET history = here;
  ELSIF present.history <> here THEN
    RETURN (SELECT b.epoch FROM token.begin_revocation_epoch(
      format('the database has another history: %s, was %s', here, present.history), present.epoch) AS b);
  END IF;
  RETURN present.epoch;
END;
$$;
REVOKE ALL ON FUNCTION token.confirm_revocation_history() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION token.confirm_revocation_history() TO token_service_app;`;

// The service can forget what refuses nothing any more, and nothing else.
const FORGET = `
CREATE FUNCTION token.forget_expired_revocations() RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH forgotten AS (
    DELETE FROM token.revocation r
     USING (SELECT kind, subject FROM token.revocation WHERE expires_at < clock_timestamp()
             ORDER BY expires_at LIMIT 5000 FOR UPDATE SKIP LOCKED) AS e
     WHERE r.kind = e.kind AND r.subject = e.subject
    RETURNING 1
  )
  SELECT count(*)::integer FROM forgotten;
$$;
REVOKE ALL ON FUNCTION token.forget_expired_revocations() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION token.forget_expired_revocations() TO token_service_app;`;

// What the service before does not know is forgotten: run it only where every token of now has expired.
const REVERSE = `
DROP FUNCTION token.forget_expired_revocations();
DROP FUNCTION token.confirm_revocation_history();
DROP FUNCTION token.begin_revocation_epoch(text, text);
DROP FUNCTION token.revocation_history();
DROP FUNCTION token.record_key_distrust(text, text);
DROP FUNCTION token.record_token_revocation(text, text, text, text);
DROP FUNCTION token.record_revocation(text, jsonb, text, text, jsonb);
DROP FUNCTION token.put_revocation(text, jsonb, text, text, jsonb, interval);
DELETE FROM token.revocation WHERE kind IN ('jti', 'key', 'all');
ALTER TABLE token.revocation DROP CONSTRAINT revocation_issued_before;
UPDATE token.revocation SET issued_before = NULL WHERE mode = 'off';
DROP INDEX token.revocation_issued_before_idx;
ALTER TABLE token.revocation
  DROP COLUMN within,
  DROP CONSTRAINT revocation_all_is_a_cutoff,
  DROP CONSTRAINT revocation_subject,
  ADD CONSTRAINT revocation_issued_before CHECK ((mode = 'cutoff') = (issued_before IS NOT NULL)),
  ADD CONSTRAINT revocation_subject CHECK ((${SUBJECTS_BEFORE}) IS TRUE);
ALTER TABLE token.revocation_counter DROP COLUMN epoch, DROP COLUMN history;
${RECORD_REVOCATION_BEFORE}
REVOKE ALL ON FUNCTION token.record_revocation(text, jsonb, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION token.record_revocation(text, jsonb, text, text) TO partner_registry_app;`;

export class RevocationFeed1764000000000 implements MigrationInterface {
  readonly name = 'RevocationFeed1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    const parts = [TABLES, PUT_REVOCATION, RECORD_REVOCATION, RECORD_OUR_OWN, HISTORY, EPOCHS, CONFIRM_HISTORY, FORGET];
    for (const part of parts) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(REVERSE);
  }
}
