export const AUTHENTICATION_EVENTS = `
CREATE TABLE token.authentication_event (
  occurred_at timestamptz NOT NULL,
  request_id text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('granted', 'refused')),
  error text,
  failed_check text,
  client_id text,
  partner_id text,
  method text,
  authenticated boolean NOT NULL,
  thumbprint text,
  -- text: an address may carry a zone, which inet refuses
  address text,
  audience text,
  scope text,
  jti text,
  expires_at timestamptz,
  -- one event per request, however often its batch is written
  PRIMARY KEY (occurred_at, request_id)
) PARTITION BY RANGE (occurred_at);
CREATE INDEX authentication_event_of_client ON token.authentication_event (client_id, occurred_at);
-- Kept by the writer of the events, because finding it out of them would read them all.
CREATE TABLE token.certificate_seen (
  thumbprint text PRIMARY KEY,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL
) WITH (fillfactor = 70);`;

// One partition per day in UTC, a week ahead: no default one, so that a row never hides where it cannot be dropped.
// The running service may not create or drop anything: it may only ask for this, and never for less than a week.
// Certificates are remembered longer, so that an old one is still known not to have been seen for long.
export const PARTITIONS = `
CREATE FUNCTION token.keep_authentication_event_partitions(kept_days integer) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
  today CONSTANT date := (clock_timestamp() AT TIME ZONE 'UTC')::date;
  day date;
  partition text;
BEGIN
  IF (kept_days >= 7) IS NOT TRUE THEN
    RAISE EXCEPTION 'authentication events are kept for 7 days at least' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF NOT pg_try_advisory_xact_lock(hashtextextended('token.authentication_event partitions', 0)) THEN RETURN; END IF;
  FOR day IN SELECT today + n FROM generate_series(-1, 7) AS n LOOP
    partition := 'authentication_event_' || to_char(day, 'YYYYMMDD');
    IF to_regclass('token.' || partition) IS NULL THEN
      EXECUTE format('CREATE TABLE token.%I PARTITION OF token.authentication_event FOR VALUES FROM (%L) TO (%L)',
        partition, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
    END IF;
  END LOOP;
  FOR partition IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'token.authentication_event'::regclass AND c.relname ~ '^authentication_event_[0-9]{8}$'
       AND to_date(right(c.relname, 8), 'YYYYMMDD') < today - kept_days ORDER BY 1
  LOOP
    EXECUTE format('DROP TABLE token.%I', partition);
    RETURN NEXT partition;
  END LOOP;
  DELETE FROM token.certificate_seen s WHERE s.last_seen_at < today - greatest(kept_days, 400);
END;
$$;
REVOKE ALL ON FUNCTION token.keep_authentication_event_partitions(integer) FROM PUBLIC;
SELECT token.keep_authentication_event_partitions(90);`;

// The service adds events and can neither read nor change them.
export const EVENT_PRIVILEGES = `
GRANT INSERT ON token.authentication_event TO token_service_app;
GRANT SELECT, INSERT, UPDATE (first_seen_at, last_seen_at) ON token.certificate_seen TO token_service_app;
GRANT EXECUTE ON FUNCTION token.keep_authentication_event_partitions(integer) TO token_service_app;`;
