// The hash, not the text: a jti is whatever a caller wrote.
// SELECT is what RETURNING needs; nothing of the app can make an assertion that is still good usable again.
export const USED_ASSERTIONS = `
CREATE TABLE token.used_assertion (
  client_id text NOT NULL CHECK (client_id ~ '^cli_[0-9a-f]{32}$'),
  jti_sha256 bytea NOT NULL CHECK (octet_length(jti_sha256) = 32),
  kept_until timestamptz NOT NULL,
  PRIMARY KEY (client_id, jti_sha256)
);
CREATE INDEX used_assertion_by_end ON token.used_assertion (kept_until);
GRANT SELECT, INSERT ON token.used_assertion TO token_service_app;
CREATE FUNCTION token.forget_used_assertions() RETURNS integer
     LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
     WITH forgotten AS (
       DELETE FROM token.used_assertion u
        USING (SELECT client_id, jti_sha256 FROM token.used_assertion
                WHERE kept_until < clock_timestamp() ORDER BY kept_until
                LIMIT 5000 FOR UPDATE SKIP LOCKED) AS e
        WHERE u.client_id = e.client_id AND u.jti_sha256 = e.jti_sha256
       RETURNING 1
     )
     SELECT count(*)::integer FROM forgotten
   $$;
REVOKE ALL ON FUNCTION token.forget_used_assertions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION token.forget_used_assertions() TO token_service_app;`;
