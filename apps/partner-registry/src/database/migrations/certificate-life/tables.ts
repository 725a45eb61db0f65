// SQL of 1764100000000-certificate-life, part one. Never edited once it has run anywhere.

export const CERTIFICATE_AUTHORITIES = `
-- The platform's own authorities: the key of an intermediate is here, encrypted; the root's key never is.
CREATE TABLE registry.certificate_authorities (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  environment text NOT NULL CHECK (environment IN ('sandbox', 'production')),
  -- a retired one issues nothing more and keeps signing its revocation list until its last certificate has expired
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
  -- where its certificates say that lists and issuers are: http, without trailing slash
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
CREATE UNIQUE INDEX certificate_authorities_active ON registry.certificate_authorities (environment) WHERE status = 'active';
ALTER TABLE registry.certificates
  ADD COLUMN certificate_authority_id uuid REFERENCES registry.certificate_authorities (id),
  -- since when a revoked one stands on the authority's list; null: not yet
  ADD COLUMN crl_listed_at timestamptz;
CREATE UNIQUE INDEX certificates_serial_of_authority ON registry.certificates (certificate_authority_id, serial)
  WHERE certificate_authority_id IS NOT NULL;
CREATE INDEX certificates_revoked_of_authority ON registry.certificates (certificate_authority_id, revoked_at)
  WHERE certificate_authority_id IS NOT NULL AND status = 'revoked';
CREATE INDEX certificates_to_list ON registry.certificates (certificate_authority_id)
  WHERE certificate_authority_id IS NOT NULL AND status = 'revoked' AND crl_listed_at IS NULL;
CREATE INDEX certificates_of_authority ON registry.certificates (certificate_authority_id, not_after)
  WHERE certificate_authority_id IS NOT NULL;`;

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

export const OWNERS = `
-- The client's partner, so that a partner's certificates are found in whatever order without looking at its clients.
ALTER TABLE registry.certificates ADD COLUMN partner_id uuid;
UPDATE registry.certificates t SET partner_id = c.partner_id FROM registry.clients c WHERE c.id = t.client_id;
ALTER TABLE registry.certificates ALTER COLUMN partner_id SET NOT NULL,
  ADD CONSTRAINT certificates_of_partners_client FOREIGN KEY (client_id, partner_id) REFERENCES registry.clients (id, partner_id);
CREATE INDEX certificates_of_partner ON registry.certificates (partner_id, id);
CREATE INDEX certificates_by_expiry_of_partner ON registry.certificates (partner_id, not_after, id);`;

export const ROTATION = `
ALTER TABLE registry.certificates
  ADD CONSTRAINT certificates_replaces_another CHECK (replaces <> id),
  -- activated at a date: pending until then; retired at a date: active until then
  ADD CONSTRAINT certificates_schedule CHECK (retire_at > activate_at);
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

export const REVOCATION_LISTS = `
ALTER TABLE registry.trust_anchors
  -- where the lists of the authority and of those below it are fetched
  ADD COLUMN crl_uris text[] NOT NULL DEFAULT '{}' CHECK (cardinality(crl_uris) <= 8),
  -- goes up when a list, the mode or the places change: what was judged under a lower one is judged again
  ADD COLUMN crl_generation bigint NOT NULL DEFAULT 0 CHECK (crl_generation >= 0),
  -- the last generation under which somebody may have lost what they had: a list named another serial, or the mode became stricter
  ADD COLUMN crl_named_generation bigint NOT NULL DEFAULT 0 CHECK (crl_named_generation >= 0);
ALTER TABLE registry.client_trust_anchors
  ADD COLUMN judged_crl_generation bigint NOT NULL DEFAULT 0 CHECK (judged_crl_generation >= 0);
CREATE INDEX client_trust_anchors_to_judge ON registry.client_trust_anchors (trust_anchor_id, judged_crl_generation);
CREATE TABLE registry.crls (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  trust_anchor_id uuid NOT NULL REFERENCES registry.trust_anchors (id),
  -- null: uploaded by an operator
  uri text CHECK (char_length(uri) BETWEEN 1 AND 500),
  -- the key that signed it: a list of another authority below the anchor is another row
  issuer_spki_sha256 text CHECK (issuer_spki_sha256 ~ '^[0-9a-f]{64}$'),
  issuer_dn text,
  -- lower-case hex, as RFC 5280 5.2.3 numbers them
  number text,
  this_update timestamptz,
  next_update timestamptz,
  entries integer CHECK (entries >= 0),
  sha256 text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  der bytea,
  fetched_at timestamptz,
  attempted_at timestamptz,
  -- not before that: whoever fetches it puts this ahead of everybody else first
  attempt_after timestamptz NOT NULL DEFAULT now(),
  failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  last_error text CHECK (char_length(last_error) <= 1000),
  -- which alarm was given, and for the list of which next_update: once for each
  alarmed text CHECK (alarmed IN ('due', 'stale', 'missing')),
  alarmed_for timestamptz,
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT crls_content CHECK (num_nonnulls(issuer_spki_sha256, issuer_dn, this_update, entries, sha256, der, fetched_at) IN (0, 7)),
  CONSTRAINT crls_of_uri UNIQUE NULLS NOT DISTINCT (trust_anchor_id, uri, issuer_spki_sha256)
);
CREATE INDEX crls_of_anchor ON registry.crls (trust_anchor_id, id);
CREATE INDEX crls_by_sha256 ON registry.crls (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX crls_to_fetch ON registry.crls (attempt_after) WHERE uri IS NOT NULL;`;

// Whoever may change operators receives it, as earlier scopes were handed out: nobody could grant what nobody holds.
export const NEW_SCOPES = `
INSERT INTO registry.scopes (resource_server_id, name, description)
SELECT s.resource_server_id, 'registry:certificates:approve',
    'Approve and reject requests for certificates that somebody else made.'
  FROM registry.scopes s
 WHERE s.name = 'registry:operators:write'
ON CONFLICT (resource_server_id, name) DO NOTHING;
INSERT INTO registry.grants (client_id, resource_server_id, scope_id, environment)
SELECT g.client_id, g.resource_server_id, n.id, g.environment
  FROM registry.grants g
  JOIN registry.scopes s ON s.id = g.scope_id AND s.name = 'registry:operators:write'
  JOIN registry.scopes n ON n.resource_server_id = g.resource_server_id AND n.name = 'registry:certificates:approve'
 WHERE g.status = 'active'
ON CONFLICT ON CONSTRAINT grants_client_scope_key DO NOTHING;`;

// What identifies a row stays as it is; a request's certificate is written once.
export const PRIVILEGES = `
GRANT SELECT, INSERT ON registry.certificate_authorities, registry.certificate_requests, registry.certificate_notices,
  registry.crls TO partner_registry_app;
GRANT UPDATE (status, root_crl, private_jwe, crl_number, crl, crl_this_update, crl_next_update, version, updated_at)
  ON registry.certificate_authorities TO partner_registry_app;
GRANT UPDATE (status, checks, decided_by, decided_at, decision_reason, certificate_id, version, updated_at)
  ON registry.certificate_requests TO partner_registry_app;
GRANT UPDATE (activate_at, retire_at, replaces, crl_listed_at) ON registry.certificates TO partner_registry_app;
GRANT UPDATE (crl_uris, crl_generation, crl_named_generation) ON registry.trust_anchors TO partner_registry_app;
GRANT UPDATE (judged_crl_generation) ON registry.client_trust_anchors TO partner_registry_app;
GRANT UPDATE (issuer_spki_sha256, issuer_dn, number, this_update, next_update, entries, sha256, der, fetched_at,
  attempted_at, attempt_after, failures, last_error, alarmed, alarmed_for, version, updated_at) ON registry.crls TO partner_registry_app;
GRANT DELETE ON registry.crls TO partner_registry_app;`;
