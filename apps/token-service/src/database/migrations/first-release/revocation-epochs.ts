// Numbers of one cluster, on one timeline (a failover or a restore begins another), of one making of the table. As much
// of it as this server tells.
export const REVOCATION_HISTORY = `
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

// A new epoch: revocations since the backup may be lost, so whoever holds an older token must ask for a new one.
// Only while the epoch is still from_epoch, if one is named: replicas that notice together begin one.
export const REVOCATION_EPOCHS = `
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

// Called at every (re)connect. The first time it only remembers; where the history is another one, an epoch begins.
export const CONFIRM_REVOCATION_HISTORY = `
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
