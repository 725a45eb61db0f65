export const RESOURCE_SERVERS = `
CREATE TABLE registry.resource_servers (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  audience text NOT NULL CONSTRAINT resource_servers_audience_key UNIQUE CHECK (char_length(audience) BETWEEN 1 AND 500),
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  environment text NOT NULL CHECK (environment IN ('sandbox', 'production')),
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  signing_alg text NOT NULL DEFAULT 'ES256' CHECK (signing_alg IN ('ES256', 'PS256', 'EdDSA')),
  UNIQUE (id, environment),
  UNIQUE (audience, environment)
);
CREATE INDEX resource_servers_by_environment ON registry.resource_servers (environment, id);
CREATE TABLE registry.scopes (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  resource_server_id uuid NOT NULL REFERENCES registry.resource_servers (id),
  -- RFC 6749 section 3.3
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100 AND name ~ '^[\\x21\\x23-\\x5B\\x5D-\\x7E]+$'),
  description text NOT NULL CHECK (char_length(description) BETWEEN 1 AND 500),
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  sensitivity text NOT NULL DEFAULT 'normal' CHECK (sensitivity IN ('normal', 'sensitive')),
  needs_approval boolean NOT NULL DEFAULT false,
  UNIQUE (resource_server_id, name),
  UNIQUE (id, resource_server_id)
);
CREATE INDEX scopes_of_resource_server ON registry.scopes (resource_server_id, id);`;

/** Which clients speak for a resource server. */
export const RESOURCE_SERVER_CLIENTS = `
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
