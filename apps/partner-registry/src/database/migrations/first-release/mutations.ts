// What every change writes beside its rows, in the same transaction.

export const AUDIT = `
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

export const OUTBOX = `
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
);`;

export const IDEMPOTENCY = `
CREATE TABLE registry.idempotency_keys (
  principal text NOT NULL,
  key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
  fingerprint text NOT NULL CHECK (fingerprint ~ '^[0-9a-f]{64}$'),
  -- json, not jsonb: a repeat gets the first answer octet by octet
  answer json NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL DEFAULT clock_timestamp() + interval '24 hours',
  -- under which number the answer's revocations stand in the guards' feed: a repeat is told the same
  revocation_seq bigint CHECK (revocation_seq > 0),
  PRIMARY KEY (principal, key)
);
CREATE INDEX idempotency_keys_expiry ON registry.idempotency_keys (expires_at);`;
