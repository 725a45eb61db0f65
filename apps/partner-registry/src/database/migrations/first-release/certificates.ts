export const CERTIFICATES = `
CREATE TABLE registry.public_keys (
  spki_sha256 text PRIMARY KEY CHECK (spki_sha256 ~ '^[0-9a-f]{64}$'),
  partner_id uuid NOT NULL REFERENCES registry.partners (id),
  compromised_at timestamptz,
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX public_keys_of_partner ON registry.public_keys (partner_id);
CREATE TABLE registry.certificates (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  client_id uuid NOT NULL REFERENCES registry.clients (id),
  source text NOT NULL CHECK (source IN ('uploaded', 'issued', 'renewed')),
  status text NOT NULL CHECK (status IN ('pending', 'active', 'superseded', 'revoked', 'expired')),
  pem text NOT NULL CHECK (char_length(pem) <= 65536),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  spki_sha256 text NOT NULL REFERENCES registry.public_keys (spki_sha256),
  serial text NOT NULL CHECK (serial <> ''),
  -- empty where a certificate names its system by an alternative name only
  subject_dn text NOT NULL CHECK (char_length(subject_dn) <= 1000),
  issuer_dn text NOT NULL,
  subject_alternative_names jsonb NOT NULL,
  key jsonb NOT NULL,
  extended_key_usage jsonb,
  not_before timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
  -- activated at a date: pending until then; retired at a date: active until then
  activate_at timestamptz,
  retire_at timestamptz,
  replaces uuid REFERENCES registry.certificates (id),
  revoked_at timestamptz,
  revocation_reason text CHECK (revocation_reason IN ('unspecified', 'key_compromise', 'ca_compromise',
    'affiliation_changed', 'superseded', 'cessation_of_operation', 'privilege_withdrawn')),
  checks jsonb NOT NULL,
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- intermediates that came along, base64 DER, so that nobody needs the chain a connection shows
  chain jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(chain) = 'array' AND octet_length(chain::text) <= 131072),
  -- null: not judged, because the client has no anchors
  path_valid_until timestamptz,
  path_trust_anchor_id uuid REFERENCES registry.trust_anchors (id),
  status_reason text CHECK (char_length(status_reason) BETWEEN 1 AND 500),
  certificate_authority_id uuid REFERENCES registry.certificate_authorities (id),
  -- since when a revoked one stands on the authority's CRL; null: not yet
  crl_listed_at timestamptz,
  -- the client's partner, so that a partner's certificates are found in whatever order without looking at its clients
  partner_id uuid NOT NULL,
  -- of what the issuer signed, which no holder can vary: what tells certificates apart that are refused
  tbs_sha256 text NOT NULL CHECK (tbs_sha256 ~ '^[0-9a-f]{64}$'),
  CONSTRAINT certificates_revocation CHECK ((status = 'revoked') = (revoked_at IS NOT NULL)
    AND (revoked_at IS NULL) = (revocation_reason IS NULL)),
  CONSTRAINT certificates_of_partners_client
    FOREIGN KEY (client_id, partner_id) REFERENCES registry.clients (id, partner_id),
  CONSTRAINT certificates_replaces_another CHECK (replaces <> id),
  CONSTRAINT certificates_schedule CHECK (retire_at > activate_at)
);
CREATE UNIQUE INDEX certificates_live_contents ON registry.certificates (tbs_sha256) WHERE status IN ('pending', 'active');
CREATE INDEX certificates_contents ON registry.certificates (tbs_sha256);
CREATE INDEX certificates_sha256 ON registry.certificates (sha256);
CREATE INDEX certificates_of_client ON registry.certificates (client_id, id);
CREATE INDEX certificates_of_partner ON registry.certificates (partner_id, id);
CREATE INDEX certificates_of_key ON registry.certificates (spki_sha256);
CREATE INDEX certificates_replaced ON registry.certificates (replaces) WHERE replaces IS NOT NULL;
CREATE INDEX certificates_by_status ON registry.certificates (status, id);
CREATE INDEX certificates_by_expiry ON registry.certificates (not_after, id);
CREATE INDEX certificates_by_expiry_of_client ON registry.certificates (client_id, not_after, id);
CREATE INDEX certificates_by_expiry_of_partner ON registry.certificates (partner_id, not_after, id);
CREATE INDEX certificates_by_path ON registry.certificates (path_trust_anchor_id) WHERE path_trust_anchor_id IS NOT NULL;
CREATE INDEX certificates_revoked_of_partner ON registry.certificates (partner_id) WHERE status = 'revoked';
CREATE UNIQUE INDEX certificates_serial_of_authority ON registry.certificates (certificate_authority_id, serial)
  WHERE certificate_authority_id IS NOT NULL;
CREATE INDEX certificates_revoked_of_authority ON registry.certificates (certificate_authority_id, revoked_at)
  WHERE certificate_authority_id IS NOT NULL AND status = 'revoked';
CREATE INDEX certificates_to_list ON registry.certificates (certificate_authority_id)
  WHERE certificate_authority_id IS NOT NULL AND status = 'revoked' AND crl_listed_at IS NULL;
CREATE INDEX certificates_of_authority ON registry.certificates (certificate_authority_id, not_after)
  WHERE certificate_authority_id IS NOT NULL;
CREATE INDEX certificates_to_activate ON registry.certificates (activate_at, id)
  WHERE status = 'pending' AND activate_at IS NOT NULL;
CREATE INDEX certificates_to_retire ON registry.certificates (retire_at, id)
  WHERE status = 'active' AND retire_at IS NOT NULL;
CREATE INDEX certificates_to_expire ON registry.certificates (not_after, id)
  WHERE status IN ('pending', 'active', 'superseded');
-- Which notices about a certificate's end were given: each once.
CREATE TABLE registry.certificate_notices (
  certificate_id uuid NOT NULL REFERENCES registry.certificates (id),
  days_left integer NOT NULL CHECK (days_left IN (60, 30, 14, 7, 3, 1)),
  noticed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (certificate_id, days_left)
);`;

export const CERTIFICATE_REQUESTS = `
CREATE TABLE registry.certificate_requests (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  client_id uuid NOT NULL REFERENCES registry.clients (id),
  status text NOT NULL CHECK (status IN ('submitted', 'rejected', 'issued')),
  -- PEM of the PKCS#10 request (RFC 2986)
  csr text NOT NULL CHECK (char_length(csr) <= 65536),
  spki_sha256 text NOT NULL CHECK (spki_sha256 ~ '^[0-9a-f]{64}$'),
  key jsonb NOT NULL,
  checks jsonb NOT NULL,
  -- false: the certificate is to be kept pending
  activate boolean NOT NULL DEFAULT true,
  -- which certificate of the client the new one is to follow
  replaces uuid REFERENCES registry.certificates (id),
  -- shown client ids: nobody approves their own request
  requested_by text NOT NULL,
  decided_by text,
  decided_at timestamptz,
  decision_reason text CHECK (char_length(decision_reason) BETWEEN 1 AND 500),
  certificate_id uuid UNIQUE REFERENCES registry.certificates (id),
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT certificate_requests_outcome CHECK ((status = 'issued') = (certificate_id IS NOT NULL)),
  CONSTRAINT certificate_requests_decision CHECK ((status = 'submitted') = (decided_at IS NULL))
);
-- one request in waiting for a key: a second click is not a second certificate
CREATE UNIQUE INDEX certificate_requests_waiting ON registry.certificate_requests (client_id, spki_sha256)
  WHERE status = 'submitted';
CREATE INDEX certificate_requests_of_client ON registry.certificate_requests (client_id, id);
CREATE INDEX certificate_requests_by_status ON registry.certificate_requests (status, id);
CREATE INDEX certificate_requests_replaced ON registry.certificate_requests (replaces) WHERE replaces IS NOT NULL;`;
