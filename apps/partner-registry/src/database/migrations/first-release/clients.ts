export const CLIENTS = `
CREATE TABLE registry.clients (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  client_id text NOT NULL GENERATED ALWAYS AS ('cli_' || replace(id::text, '-', '')) STORED UNIQUE,
  partner_id uuid NOT NULL REFERENCES registry.partners (id),
  client_name text NOT NULL CHECK (char_length(client_name) BETWEEN 1 AND 200),
  environment text NOT NULL CHECK (environment IN ('sandbox', 'production')),
  status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'active', 'suspended', 'retired')),
  status_reason text CHECK (char_length(status_reason) BETWEEN 1 AND 500),
  token_endpoint_auth_method text NOT NULL DEFAULT 'tls_client_auth',
  tls_client_auth_subject_dn text CHECK (char_length(tls_client_auth_subject_dn) BETWEEN 1 AND 1000),
  tls_client_auth_san_dns text CHECK (char_length(tls_client_auth_san_dns) BETWEEN 1 AND 253),
  tls_client_auth_san_uri text CHECK (char_length(tls_client_auth_san_uri) BETWEEN 1 AND 1000),
  tls_client_auth_san_ip text CHECK (char_length(tls_client_auth_san_ip) BETWEEN 1 AND 45),
  tls_client_auth_san_email text CHECK (char_length(tls_client_auth_san_email) BETWEEN 1 AND 320),
  certificate_policy text NOT NULL DEFAULT 'registered_only',
  access_token_ttl integer NOT NULL DEFAULT 300 CHECK (access_token_ttl BETWEEN 60 AND 900),
  default_resource text,
  max_active_certificates integer NOT NULL DEFAULT 3 CHECK (max_active_certificates BETWEEN 1 AND 10),
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  jwks jsonb CHECK (jsonb_typeof(jwks -> 'keys') = 'array' AND octet_length(jwks::text) <= 65536),
  jwks_uri text CHECK (char_length(jwks_uri) <= 500 AND jwks_uri LIKE 'https://%'),
  -- no client gets a token that is not bound to its certificate
  bound_access_tokens boolean NOT NULL DEFAULT true CHECK (bound_access_tokens),
  UNIQUE (id, environment),
  CONSTRAINT clients_of_one_partner_key UNIQUE (id, partner_id),
  CONSTRAINT clients_default_resource_fkey
    FOREIGN KEY (default_resource, environment) REFERENCES registry.resource_servers (audience, environment),
  CONSTRAINT clients_method CHECK (token_endpoint_auth_method IN
    ('tls_client_auth', 'self_signed_tls_client_auth', 'private_key_jwt')),
  -- RFC 8705 section 2.1.2: exactly one subject value; a draft may still wait for its first certificate.
  -- The other two methods have exactly one place where their keys are.
  CONSTRAINT clients_method_fields CHECK (
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
  CONSTRAINT clients_policy CHECK (certificate_policy = 'registered_only'
    OR (certificate_policy = 'identity_only' AND token_endpoint_auth_method = 'tls_client_auth'))
);
CREATE INDEX clients_of_partner ON registry.clients (partner_id, id);
CREATE INDEX clients_of_default_resource ON registry.clients (default_resource, environment);
CREATE INDEX clients_by_status ON registry.clients (status, id);
CREATE INDEX clients_by_environment ON registry.clients (environment, id);
CREATE INDEX clients_by_method ON registry.clients (token_endpoint_auth_method, id);`;
