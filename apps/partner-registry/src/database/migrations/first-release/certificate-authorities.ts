export const CERTIFICATE_AUTHORITIES = `
-- The platform's own authorities: the key of an intermediate is here, encrypted; the root's key never is.
CREATE TABLE registry.certificate_authorities (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  environment text NOT NULL CHECK (environment IN ('sandbox', 'production')),
  -- a retired one issues nothing more and keeps signing its CRL until its last certificate has expired
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'retired')),
  pem text NOT NULL CHECK (char_length(pem) <= 65536),
  root_pem text NOT NULL CHECK (char_length(root_pem) <= 65536),
  -- made where the root's key is, for a year or so: DER
  root_crl bytea NOT NULL CHECK (octet_length(root_crl) <= 65536),
  subject_dn text NOT NULL CHECK (char_length(subject_dn) BETWEEN 1 AND 1000),
  spki_sha256 text NOT NULL UNIQUE CHECK (spki_sha256 ~ '^[0-9a-f]{64}$'),
  not_before timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
  private_jwe text NOT NULL,
  -- where its certificates say that CRLs and issuers are: http, without trailing slash
  public_url text NOT NULL CHECK (char_length(public_url) BETWEEN 8 AND 200),
  -- the root, as clients are pinned to it
  trust_anchor_id uuid NOT NULL REFERENCES registry.trust_anchors (id),
  crl_number bigint NOT NULL DEFAULT 0 CHECK (crl_number >= 0),
  crl bytea,
  crl_this_update timestamptz,
  crl_next_update timestamptz,
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT certificate_authorities_crl CHECK (num_nonnulls(crl, crl_this_update, crl_next_update) IN (0, 3))
);
CREATE UNIQUE INDEX certificate_authorities_active ON registry.certificate_authorities (environment) WHERE status = 'active';`;
