import type { MigrationInterface, QueryRunner } from 'typeorm';

// Raw SQL on purpose, as in the first migration. Runs as partner_registry_owner.

const AUDIT = `
CREATE TABLE registry.audit_events (
  seq bigint PRIMARY KEY CHECK (seq > 0),
  -- RFC 8785; everything else about an event is read out of this text, so that nothing can disagree with the hash
  canonical text NOT NULL,
  hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
  action text GENERATED ALWAYS AS (canonical::jsonb ->> 'action') STORED NOT NULL,
  actor text GENERATED ALWAYS AS (canonical::jsonb #>> '{actor,client_id}') STORED NOT NULL,
  request_id text GENERATED ALWAYS AS (canonical::jsonb ->> 'request_id') STORED NOT NULL
);
CREATE INDEX audit_events_of_action ON registry.audit_events (action, seq);
CREATE INDEX audit_events_of_actor ON registry.audit_events (actor, seq);
CREATE INDEX audit_events_of_request ON registry.audit_events (request_id, seq);
-- a way to find events, no part of the chain
CREATE TABLE registry.audit_event_targets (
  target text NOT NULL,
  seq bigint NOT NULL REFERENCES registry.audit_events (seq),
  PRIMARY KEY (target, seq)
);
CREATE INDEX audit_event_targets_of_event ON registry.audit_event_targets (seq);
CREATE TABLE registry.audit_head (
  one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
  seq bigint NOT NULL CHECK (seq >= 0),
  hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$')
);
INSERT INTO registry.audit_head (seq, hash) VALUES (0, repeat('0', 64));`;

const OUTBOX = `
CREATE TABLE registry.outbox_counter (
  one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
  last_seq bigint NOT NULL CHECK (last_seq >= 0)
);
INSERT INTO registry.outbox_counter (last_seq) VALUES (0);
CREATE TABLE registry.outbox_events (
  seq bigint PRIMARY KEY CHECK (seq > 0),
  type text NOT NULL CHECK (type ~ '^[a-z_]+(\\.[a-z_]+)+$'),
  data jsonb NOT NULL,
  -- whose published row may have changed
  client_ids uuid[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now()
);
-- The published contract for the token service: src/published/registered-client-change.spec.ts pins it.
CREATE VIEW registry.registered_client_change AS
SELECT e.seq, 'cli_' || replace(c.id::text, '-', '') AS client_id
FROM registry.outbox_events e CROSS JOIN LATERAL unnest(e.client_ids) AS c(id);`;

const IDEMPOTENCY = `
CREATE TABLE registry.idempotency_keys (
  principal text NOT NULL,
  key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
  fingerprint text NOT NULL CHECK (fingerprint ~ '^[0-9a-f]{64}$'),
  -- json, not jsonb: a repeat gets the first answer octet by octet
  answer json NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL DEFAULT clock_timestamp() + interval '24 hours',
  PRIMARY KEY (principal, key)
);
CREATE INDEX idempotency_keys_expiry ON registry.idempotency_keys (expires_at);`;

// Events are written once. Only kept answers, which are no record of anything, are changed and deleted.
const APP_PRIVILEGES = `
GRANT SELECT, INSERT ON registry.audit_events, registry.audit_event_targets, registry.outbox_events TO partner_registry_app;
GRANT SELECT ON registry.audit_head, registry.outbox_counter TO partner_registry_app;
GRANT UPDATE (seq, hash) ON registry.audit_head TO partner_registry_app;
GRANT UPDATE (last_seq) ON registry.outbox_counter TO partner_registry_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON registry.idempotency_keys TO partner_registry_app;`;

const TOKEN_SERVICE_PRIVILEGES = `GRANT SELECT ON registry.registered_client_change TO token_service_app;`;

export class AuditAndOutbox1763900000000 implements MigrationInterface {
  readonly name = 'AuditAndOutbox1763900000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [AUDIT, OUTBOX, IDEMPOTENCY, APP_PRIVILEGES, TOKEN_SERVICE_PRIVILEGES]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW registry.registered_client_change');
    for (const table of [
      'idempotency_keys',
      'outbox_events',
      'outbox_counter',
      'audit_head',
      'audit_event_targets',
      'audit_events',
    ]) {
      await runner.query(`DROP TABLE registry.${table}`);
    }
  }
}
