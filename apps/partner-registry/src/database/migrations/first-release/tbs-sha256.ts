// A certificate is SEQUENCE { TBSCertificate, … }: both headers are read, nothing else. What is stored was parsed strictly.
export const TBS_SHA256 = `
CREATE FUNCTION registry.der_header(der bytea, at integer, OUT header integer, OUT content integer)
  LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog AS $$
DECLARE
  octets integer := greatest(get_byte(der, at + 1) - 128, 0);
BEGIN
  header := 2 + octets;
  content := CASE WHEN octets = 0 THEN get_byte(der, at + 1) ELSE 0 END;
  FOR i IN 1 .. octets LOOP
    content := content * 256 + get_byte(der, at + 1 + i);
  END LOOP;
END $$;
CREATE FUNCTION registry.tbs_sha256(pem text) RETURNS text
  LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog AS $$
DECLARE
  der bytea := decode(regexp_replace(pem, '-----[A-Z ]+-----|\\s', '', 'g'), 'base64');
  start integer := (registry.der_header(der, 0)).header;
  tbs record;
BEGIN
  SELECT * INTO tbs FROM registry.der_header(der, start);
  RETURN encode(sha256(substring(der FROM start + 1 FOR tbs.header + tbs.content)), 'hex');
END $$;
REVOKE ALL ON FUNCTION registry.der_header(bytea, integer), registry.tbs_sha256(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry.der_header(bytea, integer), registry.tbs_sha256(text) TO partner_registry_app;`;

// a process of the release before does not write it
export const SET_TBS_SHA256 = `
-- a process of the release before does not write it
CREATE FUNCTION registry.set_tbs_sha256() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  NEW.tbs_sha256 := registry.tbs_sha256(NEW.pem);
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION registry.set_tbs_sha256() FROM PUBLIC;
CREATE TRIGGER certificates_contents BEFORE INSERT ON registry.certificates
  FOR EACH ROW WHEN (NEW.tbs_sha256 IS NULL) EXECUTE FUNCTION registry.set_tbs_sha256();`;
