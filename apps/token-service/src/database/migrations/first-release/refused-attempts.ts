// Attempts of callers that proved nothing: a row for each day, check, claimed client and range of addresses.
export const REFUSED_ATTEMPTS = `
CREATE TABLE token.refused_attempts (
  day date NOT NULL,
  -- one run of one process, which says its numbers so far
  replica text NOT NULL,
  endpoint text NOT NULL,
  error text NOT NULL,
  failed_check text NOT NULL,
  -- of a registered client, as claimed; empty: none
  client_id text NOT NULL,
  -- IPv4 /24, IPv6 /48; '*': more than are told apart
  address_range text NOT NULL,
  attempts bigint NOT NULL CHECK (attempts > 0),
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  request_ids text[] NOT NULL CHECK (cardinality(request_ids) <= 5),
  PRIMARY KEY (day, replica, endpoint, error, failed_check, client_id, address_range)
);
GRANT INSERT, SELECT, UPDATE (attempts, last_at, request_ids) ON token.refused_attempts TO token_service_app;`;

// The running service may not delete anything: it may only ask for this, and never for less than a week.
export const FORGET_REFUSED_ATTEMPTS = `
CREATE FUNCTION token.forget_refused_attempts(kept_days integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
  forgotten bigint;
BEGIN
  IF (kept_days >= 7) IS NOT TRUE THEN
    RAISE EXCEPTION 'refused attempts are kept for 7 days at least' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  DELETE FROM token.refused_attempts r
   WHERE r.day < (clock_timestamp() AT TIME ZONE 'UTC')::date - kept_days;
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END;
$$;
REVOKE ALL ON FUNCTION token.forget_refused_attempts(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION token.forget_refused_attempts(integer) TO token_service_app;`;
