import type { SqlInvariant } from './invariant.js';

/** No object is there by half. */
export const OBJECT_INVARIANTS: readonly SqlInvariant[] = [
  {
    name: 'every certificate has its public key, of the same partner',
    sql: `SELECT t.id FROM registry.certificates t JOIN registry.clients c ON c.id = t.client_id
      LEFT JOIN registry.public_keys k ON k.spki_sha256 = t.spki_sha256
      WHERE k.partner_id IS DISTINCT FROM c.partner_id`,
  },
  {
    name: 'every public key came with a certificate',
    sql: `SELECT k.spki_sha256 FROM registry.public_keys k
      WHERE NOT EXISTS (SELECT 1 FROM registry.certificates t WHERE t.spki_sha256 = k.spki_sha256)`,
  },
  {
    name: 'a client has a subject exactly when it has had a certificate',
    sql: `SELECT c.client_id FROM registry.clients c
      WHERE (c.tls_client_auth_subject_dn IS NULL) = EXISTS (SELECT 1 FROM registry.certificates t WHERE t.client_id = c.id)`,
  },
  {
    name: 'of a compromised key no certificate is left, and every one that says so has its key marked',
    sql: `SELECT t.id FROM registry.certificates t JOIN registry.public_keys k ON k.spki_sha256 = t.spki_sha256
      WHERE (k.compromised_at IS NOT NULL AND t.status IN ('pending', 'active'))
        OR (t.revocation_reason = 'key_compromise') <> (k.compromised_at IS NOT NULL)`,
  },
  {
    name: 'nothing of an offboarded partner or a retired client is left on',
    sql: `SELECT c.client_id FROM registry.clients c JOIN registry.partners p ON p.id = c.partner_id
      WHERE (p.status = 'offboarded' AND c.status <> 'retired') OR (c.status = 'retired' AND (
        EXISTS (SELECT 1 FROM registry.certificates t WHERE t.client_id = c.id AND t.status IN ('pending', 'active'))
        OR EXISTS (SELECT 1 FROM registry.grants g WHERE g.client_id = c.id AND g.status IN ('requested', 'active'))))`,
  },
  {
    name: 'every kept answer is about something that is there',
    sql: `SELECT k.key, k.answer ->> 'id' AS id FROM registry.idempotency_keys k
      WHERE k.answer ->> 'id' IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM registry.audit_event_targets t WHERE t.target = k.answer ->> 'id')`,
  },
];
