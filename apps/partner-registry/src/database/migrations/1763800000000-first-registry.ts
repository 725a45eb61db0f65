import type { MigrationInterface, QueryRunner } from 'typeorm';

// Raw SQL on purpose: a migration must keep doing what it did when it was written, whatever the entities become.
// Runs as partner_registry_owner; names are qualified, so that no search_path decides where a table lands.

const PARTNERS = `
CREATE TABLE registry.partners (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  slug text NOT NULL CONSTRAINT partners_slug_key UNIQUE CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  legal_name text NOT NULL CHECK (char_length(legal_name) BETWEEN 1 AND 200),
  display_name text CHECK (char_length(display_name) BETWEEN 1 AND 200),
  country text CHECK (country ~ '^[A-Z]{2}$'),
  is_platform boolean NOT NULL DEFAULT false,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'active', 'suspended', 'offboarded')),
  status_reason text CHECK (char_length(status_reason) BETWEEN 1 AND 500),
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX partners_one_platform ON registry.partners (is_platform) WHERE is_platform;`;

const RESOURCE_SERVERS = `
CREATE TABLE registry.resource_servers (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  audience text NOT NULL CONSTRAINT resource_servers_audience_key UNIQUE CHECK (char_length(audience) BETWEEN 1 AND 500),
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  environment text NOT NULL CHECK (environment IN ('sandbox', 'production')),
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (id, environment),
  UNIQUE (audience, environment)
);
CREATE TABLE registry.scopes (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  resource_server_id uuid NOT NULL REFERENCES registry.resource_servers (id),
  -- RFC 6749 section 3.3
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100 AND name ~ '^[\\x21\\x23-\\x5B\\x5D-\\x7E]+$'),
  description text NOT NULL CHECK (char_length(description) BETWEEN 1 AND 500),
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (resource_server_id, name),
  UNIQUE (id, resource_server_id)
);`;

const CLIENTS = `
CREATE TABLE registry.clients (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  client_id text NOT NULL GENERATED ALWAYS AS ('cli_' || replace(id::text, '-', '')) STORED UNIQUE,
  partner_id uuid NOT NULL REFERENCES registry.partners (id),
  client_name text NOT NULL CHECK (char_length(client_name) BETWEEN 1 AND 200),
  environment text NOT NULL CHECK (environment IN ('sandbox', 'production')),
  status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'active', 'suspended', 'retired')),
  status_reason text CHECK (char_length(status_reason) BETWEEN 1 AND 500),
  token_endpoint_auth_method text NOT NULL DEFAULT 'tls_client_auth' CHECK (token_endpoint_auth_method = 'tls_client_auth'),
  tls_client_auth_subject_dn text CHECK (char_length(tls_client_auth_subject_dn) BETWEEN 1 AND 1000),
  tls_client_auth_san_dns text CHECK (char_length(tls_client_auth_san_dns) BETWEEN 1 AND 253),
  tls_client_auth_san_uri text CHECK (char_length(tls_client_auth_san_uri) BETWEEN 1 AND 1000),
  tls_client_auth_san_ip text CHECK (char_length(tls_client_auth_san_ip) BETWEEN 1 AND 45),
  tls_client_auth_san_email text CHECK (char_length(tls_client_auth_san_email) BETWEEN 1 AND 320),
  certificate_policy text NOT NULL DEFAULT 'registered_only' CHECK (certificate_policy = 'registered_only'),
  access_token_ttl integer NOT NULL DEFAULT 300 CHECK (access_token_ttl BETWEEN 60 AND 900),
  default_resource text,
  max_active_certificates integer NOT NULL DEFAULT 3 CHECK (max_active_certificates BETWEEN 1 AND 10),
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (id, environment),
  CONSTRAINT clients_default_resource_fkey
    FOREIGN KEY (default_resource, environment) REFERENCES registry.resource_servers (audience, environment),
  -- RFC 8705 section 2.1.2: exactly one subject value; a draft may still wait for its first certificate
  CONSTRAINT clients_one_subject CHECK (
    num_nonnulls(tls_client_auth_subject_dn, tls_client_auth_san_dns, tls_client_auth_san_uri,
      tls_client_auth_san_ip, tls_client_auth_san_email) = 1
    OR (status = 'draft' AND num_nonnulls(tls_client_auth_subject_dn, tls_client_auth_san_dns, tls_client_auth_san_uri,
      tls_client_auth_san_ip, tls_client_auth_san_email) = 0))
);
CREATE INDEX clients_of_partner ON registry.clients (partner_id, id);
CREATE INDEX clients_of_default_resource ON registry.clients (default_resource, environment);`;

const CERTIFICATES = `
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
  subject_dn text NOT NULL CHECK (char_length(subject_dn) BETWEEN 1 AND 1000),
  issuer_dn text NOT NULL,
  subject_alternative_names jsonb NOT NULL,
  key jsonb NOT NULL,
  extended_key_usage jsonb,
  not_before timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
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
  CONSTRAINT certificates_revocation CHECK ((status = 'revoked') = (revoked_at IS NOT NULL)
    AND (revoked_at IS NULL) = (revocation_reason IS NULL))
);
CREATE UNIQUE INDEX certificates_live_sha256 ON registry.certificates (sha256) WHERE status IN ('pending', 'active');
CREATE INDEX certificates_sha256 ON registry.certificates (sha256);
CREATE INDEX certificates_of_client ON registry.certificates (client_id, id);
CREATE INDEX certificates_of_key ON registry.certificates (spki_sha256);
CREATE INDEX certificates_replaced ON registry.certificates (replaces) WHERE replaces IS NOT NULL;`;

const GRANTS = `
CREATE TABLE registry.grants (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  client_id uuid NOT NULL,
  resource_server_id uuid NOT NULL,
  scope_id uuid NOT NULL,
  environment text NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'revoked')),
  valid_until timestamptz,
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT grants_client_scope_key UNIQUE (client_id, scope_id),
  -- client and resource server must be of one environment: a sandbox client never reaches production
  CONSTRAINT grants_client_environment_fkey FOREIGN KEY (client_id, environment) REFERENCES registry.clients (id, environment),
  CONSTRAINT grants_resource_server_environment_fkey
    FOREIGN KEY (resource_server_id, environment) REFERENCES registry.resource_servers (id, environment),
  CONSTRAINT grants_scope_fkey FOREIGN KEY (scope_id, resource_server_id) REFERENCES registry.scopes (id, resource_server_id)
);
CREATE INDEX grants_of_client ON registry.grants (client_id, id);
CREATE INDEX grants_of_scope ON registry.grants (scope_id, resource_server_id);
CREATE INDEX grants_of_resource_server ON registry.grants (resource_server_id, environment);`;

// The published contract for the token service: src/published/registered-client.spec.ts pins it.
const REGISTERED_CLIENT = `
CREATE VIEW registry.registered_client AS
SELECT
  c.client_id,
  'ptn_' || replace(p.id::text, '-', '') AS partner_id,
  c.client_name,
  c.environment,
  c.status AS client_status,
  p.status AS partner_status,
  (c.status = 'active' AND p.status = 'active') AS usable,
  c.token_endpoint_auth_method,
  c.tls_client_auth_subject_dn,
  c.tls_client_auth_san_dns,
  c.tls_client_auth_san_uri,
  c.tls_client_auth_san_ip,
  c.tls_client_auth_san_email,
  c.certificate_policy,
  c.access_token_ttl,
  c.default_resource,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'thumbprint', rtrim(translate(encode(decode(t.sha256, 'hex'), 'base64'), '+/', '-_'), '='),
      'not_before', to_char(t.not_before AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
      'not_after', to_char(t.not_after AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
      'retire_at', to_char(t.retire_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    ) ORDER BY t.id), '[]'::jsonb)
    FROM registry.certificates t WHERE t.client_id = c.id AND t.status = 'active') AS certificates,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'audience', r.audience,
      'scope', s.name,
      'valid_until', to_char(g.valid_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    ) ORDER BY g.id), '[]'::jsonb)
    FROM registry.grants g
    JOIN registry.scopes s ON s.id = g.scope_id
    JOIN registry.resource_servers r ON r.id = g.resource_server_id
    WHERE g.client_id = c.id AND g.status = 'active') AS grants
FROM registry.clients c
JOIN registry.partners p ON p.id = c.partner_id;`;

// Nothing may be deleted, and what identifies a row may not be changed.
const APP_PRIVILEGES = `
GRANT SELECT, INSERT ON registry.partners, registry.clients, registry.certificates, registry.public_keys,
  registry.resource_servers, registry.scopes, registry.grants TO partner_registry_app;
GRANT UPDATE (status, status_reason, version, updated_at) ON registry.partners TO partner_registry_app;
GRANT UPDATE (status, status_reason, tls_client_auth_subject_dn, version, updated_at) ON registry.clients TO partner_registry_app;
GRANT UPDATE (status, revoked_at, revocation_reason, version, updated_at) ON registry.certificates TO partner_registry_app;
GRANT UPDATE (compromised_at, version, updated_at) ON registry.public_keys TO partner_registry_app;
GRANT UPDATE (status, valid_until, version, updated_at) ON registry.grants TO partner_registry_app;`;

const TOKEN_SERVICE_PRIVILEGES = `
GRANT USAGE ON SCHEMA registry TO token_service_app;
GRANT SELECT ON registry.registered_client TO token_service_app;`;

export class FirstRegistry1763800000000 implements MigrationInterface {
  readonly name = 'FirstRegistry1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    const readers = (await runner.query(`SELECT 1 FROM pg_roles WHERE rolname = 'token_service_app'`)) as unknown[];
    if (readers.length === 0) {
      throw new Error('The role token_service_app does not exist yet: run prepare-database of the token service first');
    }
    for (const part of [PARTNERS, RESOURCE_SERVERS, CLIENTS, CERTIFICATES, GRANTS, REGISTERED_CLIENT]) {
      await runner.query(part);
    }
    await runner.query(APP_PRIVILEGES);
    await runner.query(TOKEN_SERVICE_PRIVILEGES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW registry.registered_client');
    for (const table of [
      'grants',
      'certificates',
      'public_keys',
      'clients',
      'scopes',
      'resource_servers',
      'partners',
    ]) {
      await runner.query(`DROP TABLE registry.${table}`);
    }
    await runner.query('REVOKE USAGE ON SCHEMA registry FROM token_service_app');
  }
}
