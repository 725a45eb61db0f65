// SQL of 1763900100000-anchors-and-methods, part one. Never edited once it has run anywhere.

export const PARTNERS = `
ALTER TABLE registry.partners
  ADD COLUMN registration_number text CHECK (char_length(registration_number) BETWEEN 1 AND 100),
  ADD COLUMN external_ref text CHECK (char_length(external_ref) BETWEEN 1 AND 100),
  ADD COLUMN labels jsonb NOT NULL DEFAULT '{}'
    CHECK (jsonb_typeof(labels) = 'object' AND octet_length(labels::text) <= 8192),
  ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}'
    CHECK (jsonb_typeof(metadata) = 'object' AND octet_length(metadata::text) <= 16384);
CREATE INDEX partners_by_status ON registry.partners (status, id);
CREATE INDEX partners_by_external_ref ON registry.partners (external_ref, id) WHERE external_ref IS NOT NULL;
CREATE TABLE registry.partner_contacts (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  partner_id uuid NOT NULL REFERENCES registry.partners (id),
  kind text NOT NULL CHECK (kind IN ('business', 'technical', 'security', 'incident')),
  name text CHECK (char_length(name) BETWEEN 1 AND 200),
  email text CHECK (char_length(email) BETWEEN 3 AND 320),
  verified_at timestamptz,
  erased_at timestamptz,
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- the row stays, so that what was audited under its id can be told apart; the person does not
  CONSTRAINT partner_contacts_erasure CHECK (CASE WHEN erased_at IS NULL
    THEN name IS NOT NULL AND email IS NOT NULL
    ELSE name IS NULL AND email IS NULL AND verified_at IS NULL END)
);
CREATE INDEX partner_contacts_of_partner ON registry.partner_contacts (partner_id, id) WHERE erased_at IS NULL;`;

export const CLIENTS = `
ALTER TABLE registry.clients
  DROP CONSTRAINT clients_token_endpoint_auth_method_check,
  DROP CONSTRAINT clients_certificate_policy_check,
  DROP CONSTRAINT clients_one_subject,
  ADD COLUMN jwks jsonb CHECK (jsonb_typeof(jwks -> 'keys') = 'array' AND octet_length(jwks::text) <= 65536),
  ADD COLUMN jwks_uri text CHECK (char_length(jwks_uri) <= 500 AND jwks_uri LIKE 'https://%'),
  -- no client gets a token that is not bound to its certificate
  ADD COLUMN bound_access_tokens boolean NOT NULL DEFAULT true CHECK (bound_access_tokens),
  ADD CONSTRAINT clients_method CHECK (token_endpoint_auth_method IN
    ('tls_client_auth', 'self_signed_tls_client_auth', 'private_key_jwt')),
  -- RFC 8705 section 2.1.2: exactly one subject value; a draft may still wait for its first certificate.
  -- The other two methods have exactly one place where their keys are.
  ADD CONSTRAINT clients_method_fields CHECK (
    CASE WHEN token_endpoint_auth_method = 'tls_client_auth'
      THEN jwks IS NULL AND jwks_uri IS NULL
        AND num_nonnulls(tls_client_auth_subject_dn, tls_client_auth_san_dns, tls_client_auth_san_uri,
          tls_client_auth_san_ip, tls_client_auth_san_email) BETWEEN
            CASE WHEN status IN ('draft', 'retired') THEN 0 ELSE 1 END AND 1
      ELSE num_nonnulls(jwks, jwks_uri) = 1
        AND num_nonnulls(tls_client_auth_subject_dn, tls_client_auth_san_dns, tls_client_auth_san_uri,
          tls_client_auth_san_ip, tls_client_auth_san_email) = 0
    END),
  -- any certificate of an identity is judged by its subject value, which only one of the methods has
  ADD CONSTRAINT clients_policy CHECK (certificate_policy = 'registered_only'
    OR (certificate_policy = 'identity_only' AND token_endpoint_auth_method = 'tls_client_auth')),
  ADD CONSTRAINT clients_of_one_partner_key UNIQUE (id, partner_id);
CREATE INDEX clients_by_status ON registry.clients (status, id);
CREATE INDEX clients_by_environment ON registry.clients (environment, id);
CREATE INDEX clients_by_method ON registry.clients (token_endpoint_auth_method, id);`;

export const TRUST_ANCHORS = `
CREATE TABLE registry.trust_anchors (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  -- null: shared, any partner's client may chain to it
  partner_id uuid REFERENCES registry.partners (id),
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'retired')),
  status_reason text CHECK (char_length(status_reason) BETWEEN 1 AND 500),
  crl_mode text NOT NULL DEFAULT 'soft' CHECK (crl_mode IN ('require', 'soft', 'off')),
  pem text NOT NULL CHECK (char_length(pem) <= 65536),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  -- what is pinned: the key, never the name
  spki_sha256 text NOT NULL CHECK (spki_sha256 ~ '^[0-9a-f]{64}$'),
  serial text NOT NULL CHECK (serial <> ''),
  subject_dn text NOT NULL CHECK (char_length(subject_dn) BETWEEN 1 AND 1000),
  key jsonb NOT NULL,
  not_before timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX trust_anchors_key_of_owner ON registry.trust_anchors (partner_id, spki_sha256)
  NULLS NOT DISTINCT WHERE status = 'active';
CREATE INDEX trust_anchors_of_partner ON registry.trust_anchors (partner_id, id);
CREATE INDEX trust_anchors_by_status ON registry.trust_anchors (status, id);
CREATE INDEX trust_anchors_by_key ON registry.trust_anchors (spki_sha256, id);
-- Who may be known by a subject value under an anchor without registering each certificate. A row belongs to one
-- partner; it can only be taken over while no link names it (the foreign key below), so no race makes two owners.
CREATE TABLE registry.certificate_identities (
  trust_anchor_id uuid NOT NULL REFERENCES registry.trust_anchors (id),
  kind text NOT NULL CHECK (kind IN ('subject_dn', 'san_dns', 'san_uri', 'san_ip', 'san_email')),
  -- SHA-256 of the value as it is compared, lower-case hex: a name may be longer than an index entry
  folded_sha256 text NOT NULL CHECK (folded_sha256 ~ '^[0-9a-f]{64}$'),
  partner_id uuid NOT NULL REFERENCES registry.partners (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (trust_anchor_id, kind, folded_sha256),
  UNIQUE (trust_anchor_id, kind, folded_sha256, partner_id)
);
CREATE TABLE registry.client_trust_anchors (
  client_id uuid NOT NULL,
  trust_anchor_id uuid NOT NULL REFERENCES registry.trust_anchors (id),
  partner_id uuid NOT NULL,
  -- set while the client is known by its identity
  identity_kind text,
  identity_sha256 text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (client_id, trust_anchor_id),
  CHECK ((identity_kind IS NULL) = (identity_sha256 IS NULL)),
  FOREIGN KEY (client_id, partner_id) REFERENCES registry.clients (id, partner_id),
  CONSTRAINT client_trust_anchors_identity FOREIGN KEY (trust_anchor_id, identity_kind, identity_sha256, partner_id)
    REFERENCES registry.certificate_identities (trust_anchor_id, kind, folded_sha256, partner_id)
);
CREATE INDEX client_trust_anchors_of_anchor ON registry.client_trust_anchors (trust_anchor_id, client_id);
CREATE INDEX client_trust_anchors_of_identity ON registry.client_trust_anchors
  (trust_anchor_id, identity_kind, identity_sha256, partner_id) WHERE identity_kind IS NOT NULL;`;

export const CERTIFICATES = `
ALTER TABLE registry.certificates
  DROP CONSTRAINT certificates_subject_dn_check,
  -- a certificate that names its system by an alternative name only has an empty subject
  ADD CONSTRAINT certificates_subject_dn_check CHECK (char_length(subject_dn) <= 1000),
  -- intermediates that came along, base64 DER, so that nobody needs the chain a connection shows
  ADD COLUMN chain jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(chain) = 'array' AND octet_length(chain::text) <= 131072),
  -- null: not judged, because the client has no anchors
  ADD COLUMN path_valid_until timestamptz,
  ADD COLUMN path_trust_anchor_id uuid REFERENCES registry.trust_anchors (id),
  ADD COLUMN status_reason text CHECK (char_length(status_reason) BETWEEN 1 AND 500);
CREATE INDEX certificates_by_status ON registry.certificates (status, id);
CREATE INDEX certificates_by_expiry ON registry.certificates (not_after, id);
CREATE INDEX certificates_by_expiry_of_client ON registry.certificates (client_id, not_after, id);
CREATE INDEX certificates_by_path ON registry.certificates (path_trust_anchor_id) WHERE path_trust_anchor_id IS NOT NULL;`;

export const RESOURCE_SERVERS = `
ALTER TABLE registry.resource_servers
  ADD COLUMN signing_alg text NOT NULL DEFAULT 'ES256' CHECK (signing_alg IN ('ES256', 'PS256', 'EdDSA'));
CREATE INDEX resource_servers_by_environment ON registry.resource_servers (environment, id);
ALTER TABLE registry.scopes
  ADD COLUMN sensitivity text NOT NULL DEFAULT 'normal' CHECK (sensitivity IN ('normal', 'sensitive')),
  ADD COLUMN needs_approval boolean NOT NULL DEFAULT false;
CREATE INDEX scopes_of_resource_server ON registry.scopes (resource_server_id, id);
CREATE TABLE registry.resource_server_clients (
  resource_server_id uuid NOT NULL,
  client_id uuid NOT NULL,
  environment text NOT NULL,
  may_introspect boolean NOT NULL,
  may_follow_revocations boolean NOT NULL,
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (resource_server_id, client_id),
  CHECK (may_introspect OR may_follow_revocations),
  FOREIGN KEY (resource_server_id, environment) REFERENCES registry.resource_servers (id, environment),
  CONSTRAINT resource_server_clients_environment FOREIGN KEY (client_id, environment)
    REFERENCES registry.clients (id, environment)
);
CREATE INDEX resource_server_clients_of_client ON registry.resource_server_clients (client_id, environment);
CREATE INDEX resource_server_clients_of_server ON registry.resource_server_clients (resource_server_id, environment);`;

export const GRANTS = `
ALTER TABLE registry.grants
  DROP CONSTRAINT grants_status_check,
  ADD CONSTRAINT grants_status_check CHECK (status IN ('requested', 'active', 'rejected', 'revoked')),
  ADD COLUMN status_reason text CHECK (char_length(status_reason) BETWEEN 1 AND 500),
  -- shown client ids; null in rows made before these columns, and by bootstrap
  ADD COLUMN requested_by text CHECK (requested_by ~ '^cli_[0-9a-f]{32}$'),
  ADD COLUMN decided_by text CHECK (decided_by ~ '^cli_[0-9a-f]{32}$'),
  -- whoever asked may not be the one who allows it
  ADD CONSTRAINT grants_decided_by_another CHECK (decided_by IS NULL OR status NOT IN ('active', 'rejected')
    OR decided_by IS DISTINCT FROM requested_by);
CREATE INDEX grants_by_status ON registry.grants (status, id);
CREATE INDEX grants_by_resource_server ON registry.grants (resource_server_id, id);`;
