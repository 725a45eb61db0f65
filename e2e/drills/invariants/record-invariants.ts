import type { SqlInvariant } from './invariant.js';

const shown = (prefix: string, id: string): string => `'${prefix}_' || replace(${id}::text, '-', '')`;

const ROWS = [
  ['ptn', 'partners'],
  ['cli', 'clients'],
  ['crt', 'certificates'],
  ['grt', 'grants'],
]
  .map(([prefix, table]) => `SELECT ${shown(prefix!, 'id')} AS id, version FROM registry.${table}`)
  .join(' UNION ALL ');

/** Of those the first operator was made of there is one event for all. */
const AFTER_BOOTSTRAP = `NOT EXISTS (SELECT 1 FROM registry.partners p WHERE p.is_platform AND (
  ${shown('ptn', 'p.id')} = r.id
  OR EXISTS (SELECT 1 FROM registry.clients c WHERE c.partner_id = p.id AND (${shown('cli', 'c.id')} = r.id
    OR EXISTS (SELECT 1 FROM registry.certificates t WHERE t.client_id = c.id AND ${shown('crt', 't.id')} = r.id)
    OR EXISTS (SELECT 1 FROM registry.grants g WHERE g.client_id = c.id AND ${shown('grt', 'g.id')} = r.id)))))`;

/** Every change has its audit event, its outbox event and, where access was taken away, its revocation record. */
export const RECORD_INVARIANTS: readonly SqlInvariant[] = [
  {
    name: 'the outbox is numbered 1 to n without a gap, and the counter says n',
    sql: `SELECT count(*), max(seq), min(seq), (SELECT last_seq FROM registry.outbox_counter) AS counter
      FROM registry.outbox_events HAVING count(*) <> max(seq) OR min(seq) <> 1
        OR max(seq) <> (SELECT last_seq FROM registry.outbox_counter)`,
  },
  {
    name: 'every version of every object has its audit event',
    sql: `SELECT r.id, r.version, count(t.seq) AS events FROM (${ROWS}) r
      LEFT JOIN registry.audit_event_targets t ON t.target = r.id
      WHERE ${AFTER_BOOTSTRAP} GROUP BY r.id, r.version HAVING count(t.seq) < r.version`,
  },
  {
    name: 'every audit event has its outbox event, and the other way round',
    sql: `SELECT coalesce(a.action, o.type) AS action, a.number AS audited, o.number AS announced
      FROM (SELECT action, count(*) AS number FROM registry.audit_events GROUP BY action) a
      FULL JOIN (SELECT type, count(*) AS number FROM registry.outbox_events GROUP BY type) o ON o.type = a.action
      -- a CRL of our own is published, and changes no client
      WHERE a.number IS DISTINCT FROM o.number AND coalesce(a.action, o.type) <> 'certificate_authority.list_signed'`,
  },
  {
    name: 'whoever is suspended, retired or offboarded is off in the feed',
    sql: `SELECT s.subject FROM (
        SELECT jsonb_build_object('partner_id', ${shown('ptn', 'id')}) AS subject FROM registry.partners
         WHERE status IN ('suspended', 'offboarded')
        UNION ALL SELECT jsonb_build_object('client_id', c.client_id) FROM registry.clients c
          JOIN registry.partners p ON p.id = c.partner_id
         WHERE c.status = 'suspended' OR (c.status = 'retired' AND p.status <> 'offboarded')) s
      WHERE NOT EXISTS (SELECT 1 FROM token.revocation r WHERE r.subject = s.subject AND r.mode = 'off')`,
  },
  {
    name: 'whoever was reinstated is cut off until then, and off no more',
    sql: `SELECT c.client_id, r.mode FROM registry.clients c
      JOIN registry.audit_event_targets t ON t.target = c.client_id
      JOIN registry.audit_events e ON e.seq = t.seq AND e.action = 'client.reinstated'
      LEFT JOIN token.revocation r ON r.subject = jsonb_build_object('client_id', c.client_id)
      WHERE c.status = 'active' AND r.mode IS DISTINCT FROM 'cutoff'`,
  },
  {
    name: 'every revoked certificate is off in the feed, by itself or with its client or partner',
    sql: `SELECT ${shown('crt', 't.id')} AS id FROM registry.certificates t
      JOIN registry.clients c ON c.id = t.client_id JOIN registry.partners p ON p.id = c.partner_id
      WHERE t.status = 'revoked' AND c.status <> 'retired' AND p.status <> 'offboarded' AND NOT EXISTS (
        SELECT 1 FROM token.revocation r WHERE r.kind = 'certificate' AND r.mode = 'off' AND r.subject ->> 'thumbprint'
          = rtrim(translate(encode(decode(t.sha256, 'hex'), 'base64'), '+/', '-_'), '='))`,
  },
  {
    name: 'every revoked grant is off in the feed, by itself or with its client or partner',
    sql: `SELECT ${shown('grt', 'g.id')} AS id FROM registry.grants g JOIN registry.scopes s ON s.id = g.scope_id
      JOIN registry.resource_servers a ON a.id = g.resource_server_id
      JOIN registry.clients c ON c.id = g.client_id JOIN registry.partners p ON p.id = c.partner_id
      WHERE g.status = 'revoked' AND c.status <> 'retired' AND p.status <> 'offboarded' AND NOT EXISTS (
        SELECT 1 FROM token.revocation r WHERE r.kind = 'grant' AND r.mode = 'off' AND r.subject =
          jsonb_build_object('client_id', c.client_id, 'audience', a.audience, 'scope', s.name))`,
  },
];
