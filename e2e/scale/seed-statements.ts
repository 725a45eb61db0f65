/** So many rows of one kind, numbered from 1 by `generate_series(:from, :to)`; ID(n) is the key of row n of any table, and ODD_ID(n) the one right after it. */
export interface SeedStatement {
  what: string;
  rows: number;
  sql: string | string[];
}

/** Of what everybody shares, and of what hangs on one partner, client or anchor: enough for page 1,000 of ten. */
const ENOUGH = 10_100;
const CLIENTS_PER_PARTNER = 10;

const HASH = (text: string): string => `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`;

/** What the seeded clients show: SQL over their number `n`. */
export interface SeededIdentity {
  subjectDn: string;
  /** of the certificate */
  sha256: string;
}

const NOBODY: SeededIdentity = { subjectDn: "'CN=seed-' || n || ',O=Seeded'", sha256: HASH("'leaf' || n") };

/** In the order in which they refer to each other. */
export function seedStatements(clients: number, identity = NOBODY): SeedStatement[] {
  const partners = Math.max(ENOUGH, Math.ceil(clients / CLIENTS_PER_PARTNER));
  const many = Math.max(ENOUGH, clients);
  return [
    { what: 'partners', rows: partners, sql: PARTNERS },
    { what: 'contacts of one partner', rows: ENOUGH, sql: CONTACTS },
    { what: 'trust anchors', rows: ENOUGH, sql: ANCHORS },
    { what: 'resource servers', rows: ENOUGH, sql: SERVERS },
    { what: 'clients', rows: many, sql: clientsOf(partners, identity) },
    { what: 'certificates', rows: many, sql: certificates(partners, identity) },
    { what: 'grants', rows: many, sql: GRANTS },
    { what: 'certificates of one client', rows: ENOUGH, sql: certificatesOfOne() },
    { what: 'requests of one client', rows: ENOUGH, sql: REQUESTS_OF_ONE },
    { what: 'grants of one client', rows: ENOUGH, sql: GRANTS_OF_ONE },
    { what: 'clients of one anchor', rows: ENOUGH, sql: LINKS },
    { what: 'audit events and changes', rows: many, sql: [AUDIT, OUTBOX] },
  ];
}

const PARTNERS = `
INSERT INTO registry.partners (id, slug, legal_name, country, external_ref, labels, status, status_reason)
SELECT ID(n), 'seed-' || n, 'Seeded Company ' || n || ' Ltd', 'DE', 'CRM-' || n,
  jsonb_build_object('tier', (n % 3)::text), 'active', 'seeded'
FROM generate_series(:from::bigint, :to) AS n`;

const CONTACTS = `
INSERT INTO registry.partner_contacts (id, partner_id, kind, name, email)
SELECT ID(n), ID(1), (ARRAY['business', 'technical', 'security', 'incident'])[1 + n % 4], 'Person ' || n,
  'person-' || n || '@seed.example'
FROM generate_series(:from::bigint, :to) AS n`;

const ANCHORS = `
INSERT INTO registry.trust_anchors (id, name, partner_id, pem, sha256, spki_sha256, serial, subject_dn, key, not_before, not_after)
SELECT ID(n), 'Seeded CA ' || n, CASE WHEN n % 2 = 0 THEN ID(n) END, repeat('A', 800), ${HASH("'anchor' || n")},
  ${HASH("'anchor key' || n")}, to_hex(n), 'CN=Seeded CA ' || n, '{"type": "ec", "curve": "P-256"}',
  now() - interval '1 year', now() + interval '4 years'
FROM generate_series(:from::bigint, :to) AS n`;

const SERVERS = [
  `INSERT INTO registry.resource_servers (id, audience, name, environment)
   SELECT ID(n), 'https://api-' || n || '.seed.example', 'Seeded API ' || n, 'production'
   FROM generate_series(:from::bigint, :to) AS n`,
  `INSERT INTO registry.scopes (id, resource_server_id, name, description)
   SELECT ID(n), ID(n), 'seed:read', 'Seeded' FROM generate_series(:from::bigint, :to) AS n`,
];

function clientsOf(partners: number, { subjectDn }: SeededIdentity): string {
  return `
INSERT INTO registry.clients (id, partner_id, client_name, environment, status, status_reason, tls_client_auth_subject_dn)
SELECT ID(n), ID(1 + n % ${partners}), 'Seeded client ' || n, 'production', 'active', 'seeded', ${subjectDn}
FROM generate_series(:from::bigint, :to) AS n`;
}

const CERTIFICATE_COLUMNS = `(id, client_id, partner_id, source, status, pem, sha256, tbs_sha256, spki_sha256, serial, subject_dn, issuer_dn,
  subject_alternative_names, key, extended_key_usage, not_before, not_after, checks)`;
const certificateValues = (
  name: string,
  client: string,
  partner: string,
  status: string,
  sha256 = HASH(`'${name}' || n`),
): string => `
  ${client}, ${partner}, 'uploaded', '${status}', repeat('A', 1100), ${sha256}, ${HASH(`'${name} contents' || n`)}, ${HASH(`'${name} key' || n`)}, to_hex(n),
  'CN=seed-' || n || ',O=Seeded', 'CN=Seeded CA', '[]', '{"type": "ec", "curve": "P-256"}', '["1.3.6.1.5.5.7.3.2"]',
  now() - interval '1 day', now() + (1 + n % 300) * interval '1 day',
  '[{"id": "expired", "result": "pass", "observed": "valid", "expected": "valid", "hint": ""}]'`;

function certificates(partners: number, { sha256 }: SeededIdentity): string[] {
  return [
    `INSERT INTO registry.public_keys (spki_sha256, partner_id)
     SELECT ${HASH("'leaf key' || n")}, ID(1 + n % ${partners}) FROM generate_series(:from::bigint, :to) AS n`,
    `INSERT INTO registry.certificates ${CERTIFICATE_COLUMNS}
     SELECT ID(n), ${certificateValues('leaf', 'ID(n)', `ID(1 + n % ${partners})`, 'active', sha256)} FROM generate_series(:from::bigint, :to) AS n`,
  ];
}

// among those of the other clients, as time would have it
function certificatesOfOne(): string[] {
  return [
    `INSERT INTO registry.public_keys (spki_sha256, partner_id)
     SELECT ${HASH("'old key' || n")}, ID(2) FROM generate_series(:from::bigint, :to) AS n`,
    `INSERT INTO registry.certificates ${CERTIFICATE_COLUMNS}
     SELECT ODD_ID(n), ${certificateValues('old', 'ID(1)', 'ID(2)', 'superseded')} FROM generate_series(:from::bigint, :to) AS n`,
  ];
}

const REQUESTS_OF_ONE = `
INSERT INTO registry.certificate_requests (id, client_id, status, csr, spki_sha256, key, checks, activate, requested_by, decided_by,
  decided_at, decision_reason)
SELECT ID(n), ID(1), 'rejected', repeat('A', 600), ${HASH("'asked key' || n")}, '{"type": "ec", "curve": "P-256"}', '[]', true,
  'cli_' || repeat('a', 32), 'cli_' || repeat('b', 32), now(), 'seeded'
FROM generate_series(:from::bigint, :to) AS n`;

const GRANTS = `
INSERT INTO registry.grants (id, client_id, resource_server_id, scope_id, environment, status_reason)
SELECT ID(n), ID(n), ID(1), ID(1), 'production', 'seeded' FROM generate_series(:from::bigint, :to) AS n`;

// the first scope was granted to it with everybody else's
const GRANTS_OF_ONE = `
INSERT INTO registry.grants (id, client_id, resource_server_id, scope_id, environment, status_reason)
SELECT ODD_ID(n), ID(1), ID(n), ID(n), 'production', 'seeded'
FROM generate_series(greatest(:from::bigint, 2), :to) AS n`;

const LINKS = `
INSERT INTO registry.client_trust_anchors (client_id, trust_anchor_id, partner_id)
SELECT c.id, ID(1), c.partner_id FROM generate_series(:from::bigint, :to) AS n JOIN registry.clients c ON c.id = ID(n)`;

// RFC 8785: members in their order, no blanks. Each text holds the hash of the one before it, so this is a loop.
const AUDIT = `
WITH RECURSIVE chain AS (
  SELECT seq, hash, seq AS first, NULL::text AS canonical FROM registry.audit_head
  UNION ALL
  SELECT seq + 1, ${HASH('event.canonical')}, first, event.canonical FROM chain CROSS JOIN LATERAL (
    SELECT '{"action":"client.seeded","actor":{"certificate":null,"client_id":"command:seed"},"after":null,"before":null,'
      || '"occurred_at":"2026-01-01T00:00:00.000Z","previous_hash":"' || chain.hash || '","reason":null,"request_id":"req_'
      || lpad(to_hex(:from::bigint + chain.seq - first), 32, '0') || '","seq":' || chain.seq + 1 || ',"targets":["cli_'
      || replace(ID(:from::bigint + chain.seq - first)::text, '-', '') || '"]}' AS canonical) AS event
  WHERE seq < first + :to - :from + 1),
events AS (SELECT * FROM chain WHERE canonical IS NOT NULL),
stored AS (INSERT INTO registry.audit_events (seq, canonical, hash) SELECT seq, canonical, hash FROM events),
targets AS (INSERT INTO registry.audit_event_targets (target, seq) SELECT canonical::jsonb -> 'targets' ->> 0, seq FROM events)
UPDATE registry.audit_head h SET seq = e.seq, hash = e.hash FROM (SELECT * FROM events ORDER BY seq DESC LIMIT 1) e`;

const OUTBOX = `
WITH counter AS (UPDATE registry.outbox_counter SET last_seq = last_seq + (:to - :from + 1) RETURNING last_seq - (:to - :from + 1) AS taken)
INSERT INTO registry.outbox_events (seq, type, data, client_ids)
SELECT counter.taken + n - :from + 1, 'client.seeded', '{}', ARRAY[ID(n)] FROM counter, generate_series(:from::bigint, :to) AS n`;
