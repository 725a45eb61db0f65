// SQL of 1796300000001-certificate-contents, part one. Never edited once it has run anywhere.

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

// The holder of a certificate can replace its signature by another valid one, and has another SHA-256. Where two rows in
// use have one TBSCertificate, this fails and names its hash: revoke the one that was not issued, then migrate again.
export const CERTIFICATES = `
ALTER TABLE registry.certificates
  -- of what the issuer signed: what tells certificates apart that are refused
  ADD COLUMN tbs_sha256 text CHECK (tbs_sha256 ~ '^[0-9a-f]{64}$');
UPDATE registry.certificates SET tbs_sha256 = registry.tbs_sha256(pem);
ALTER TABLE registry.certificates ALTER COLUMN tbs_sha256 SET NOT NULL;
DROP INDEX registry.certificates_live_sha256;
CREATE UNIQUE INDEX certificates_live_contents ON registry.certificates (tbs_sha256) WHERE status IN ('pending', 'active');
CREATE INDEX certificates_contents ON registry.certificates (tbs_sha256);
CREATE INDEX certificates_revoked_of_partner ON registry.certificates (partner_id) WHERE status = 'revoked';
-- a process of the release before does not write it
CREATE FUNCTION registry.set_tbs_sha256() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  NEW.tbs_sha256 := registry.tbs_sha256(NEW.pem);
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION registry.set_tbs_sha256() FROM PUBLIC;
CREATE TRIGGER certificates_contents BEFORE INSERT ON registry.certificates
  FOR EACH ROW WHEN (NEW.tbs_sha256 IS NULL) EXECUTE FUNCTION registry.set_tbs_sha256();`;
