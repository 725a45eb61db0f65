export const REVOCATIONS = `
-- epoch: one history of the numbers; a restored database begins another. history: where the epoch lives; null until it
-- was first looked at.
CREATE TABLE token.revocation_counter (
  one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
  last_seq bigint NOT NULL CHECK (last_seq >= 0),
  epoch text NOT NULL DEFAULT gen_random_uuid()::text CHECK (epoch ~ '^[0-9a-f-]{36}$'),
  history text
);
INSERT INTO token.revocation_counter (last_seq) VALUES (0);
-- The newest entry of each subject, under a number of its own: it says all that the earlier ones said.
CREATE TABLE token.revocation (
  seq bigint NOT NULL CONSTRAINT revocation_seq_key UNIQUE CHECK (seq > 0),
  kind text NOT NULL,
  -- in the words of a token's claims
  subject jsonb NOT NULL,
  mode text NOT NULL CHECK (mode IN ('off', 'cutoff')),
  -- of a cutoff: tokens issued until then are refused; an off keeps what a cutoff before it said
  issued_before timestamptz,
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 500),
  recorded_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  -- whom the subject belongs to, as far as known: only for coarsening
  within jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (kind, subject),
  CONSTRAINT revocation_issued_before CHECK (mode = 'off' OR issued_before IS NOT NULL),
  CONSTRAINT revocation_all_is_a_cutoff CHECK (kind <> 'all' OR mode = 'cutoff'),
  CONSTRAINT revocation_within CHECK ((within - '{partner_id,client_id}'::text[] = '{}'
    AND coalesce(within ->> 'partner_id' ~ '^ptn_[0-9a-f]{32}$', NOT within ? 'partner_id')
    AND coalesce(within ->> 'client_id' ~ '^cli_[0-9a-f]{32}$', NOT within ? 'client_id')) IS TRUE),
  CONSTRAINT revocation_subject CHECK (((kind = 'partner' AND subject - 'partner_id' = '{}'
      AND subject ->> 'partner_id' ~ '^ptn_[0-9a-f]{32}$')
    OR (kind = 'client' AND subject - 'client_id' = '{}' AND subject ->> 'client_id' ~ '^cli_[0-9a-f]{32}$')
    OR (kind = 'certificate' AND subject - 'thumbprint' = '{}' AND subject ->> 'thumbprint' ~ '^[A-Za-z0-9_-]{43}$')
    OR (kind = 'grant' AND subject - '{client_id,audience,scope}'::text[] = '{}'
      AND subject ->> 'client_id' ~ '^cli_[0-9a-f]{32}$'
      AND char_length(subject ->> 'audience') BETWEEN 1 AND 500
      AND char_length(subject ->> 'scope') BETWEEN 1 AND 100)
    OR (kind = 'jti' AND subject - 'jti' = '{}' AND subject ->> 'jti' ~ '^[A-Za-z0-9_-]{16,128}$')
    OR (kind = 'key' AND subject - 'kid' = '{}' AND subject ->> 'kid' ~ '^[A-Za-z0-9_-]{43}$')
    OR (kind = 'all' AND subject = '{}')) IS TRUE)
);
CREATE INDEX revocation_expiry ON token.revocation (expires_at);
CREATE INDEX revocation_issued_before_idx ON token.revocation (issued_before) WHERE issued_before IS NOT NULL;
GRANT SELECT ON token.revocation, token.revocation_counter TO token_service_app;`;

// The one that does the work, for its owner's other functions only.
// A cutoff reaches two seconds past the moment, because the clocks of those who date tokens may differ from this one by
// so much (they check it). A token may also have been dated just after a cutoff that was still ahead, by at most four
// seconds: a cutoff that follows within that time, of anything a token of both could be, reaches past that too.
// clock_timestamp(), because the transaction may have begun long before.
export const PUT_REVOCATION = `
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
export const RECORD_REVOCATION = `
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
export const RECORD_OUR_OWN = `
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

// The service can forget what refuses nothing any more, and nothing else.
export const FORGET_REVOCATIONS = `
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
