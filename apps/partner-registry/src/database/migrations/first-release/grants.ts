export const GRANTS = `
CREATE TABLE registry.grants (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  client_id uuid NOT NULL,
  resource_server_id uuid NOT NULL,
  scope_id uuid NOT NULL,
  environment text NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('requested', 'active', 'rejected', 'revoked')),
  valid_until timestamptz,
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  status_reason text CHECK (char_length(status_reason) BETWEEN 1 AND 500),
  -- shown client ids; null in rows made by bootstrap
  requested_by text CHECK (requested_by ~ '^cli_[0-9a-f]{32}$'),
  decided_by text CHECK (decided_by ~ '^cli_[0-9a-f]{32}$'),
  CONSTRAINT grants_client_scope_key UNIQUE (client_id, scope_id),
  -- client and resource server must be of one environment: a sandbox client never reaches production
  CONSTRAINT grants_client_environment_fkey FOREIGN KEY (client_id, environment) REFERENCES registry.clients (id, environment),
  CONSTRAINT grants_resource_server_environment_fkey
    FOREIGN KEY (resource_server_id, environment) REFERENCES registry.resource_servers (id, environment),
  CONSTRAINT grants_scope_fkey FOREIGN KEY (scope_id, resource_server_id) REFERENCES registry.scopes (id, resource_server_id),
  -- whoever asked may not be the one who allows it
  CONSTRAINT grants_decided_by_another CHECK (decided_by IS NULL OR status NOT IN ('active', 'rejected')
    OR decided_by IS DISTINCT FROM requested_by)
);
CREATE INDEX grants_of_client ON registry.grants (client_id, id);
CREATE INDEX grants_of_scope ON registry.grants (scope_id, resource_server_id);
CREATE INDEX grants_of_resource_server ON registry.grants (resource_server_id, environment);
CREATE INDEX grants_by_status ON registry.grants (status, id);
CREATE INDEX grants_by_resource_server ON registry.grants (resource_server_id, id);`;
