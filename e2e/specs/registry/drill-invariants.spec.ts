import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OBJECT_INVARIANTS } from '../../drills/invariants/object-invariants.js';
import { RECORD_INVARIANTS } from '../../drills/invariants/record-invariants.js';
import type { OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import { textIn } from '../../stack/admin/operator.js';
import { clientCertificate, StackUnderTest } from '../black-box/stack-under-test.js';

const INVARIANTS = [...RECORD_INVARIANTS, ...OBJECT_INVARIANTS];

/** For each invariant what breaks it. */
const BREAKS: Record<string, (partner: OnboardedPartner, draft: string) => string> = {
  'the outbox is numbered 1 to n without a gap, and the counter says n': () =>
    'DELETE FROM registry.outbox_events WHERE seq = 1',
  'every version of every object has its audit event': ({ clientKey }) =>
    `UPDATE registry.clients SET version = version + 100 WHERE client_id = '${clientKey}'`,
  'every audit event has its outbox event, and the other way round': () =>
    `DELETE FROM registry.outbox_events WHERE seq = (SELECT last_seq FROM registry.outbox_counter)`,
  'whoever is suspended, retired or offboarded is off in the feed': ({ clientKey }) =>
    `UPDATE registry.clients SET status = 'suspended' WHERE client_id = '${clientKey}'`,
  'whoever was reinstated is cut off until then, and off no more': () => 'DELETE FROM token.revocation',
  'every revoked certificate is off in the feed, by itself or with its client or partner': ({ certificateId }) =>
    `UPDATE registry.certificates SET status = 'revoked', revoked_at = now(), revocation_reason = 'superseded'
      WHERE id = ${uuid(certificateId)}`,
  'every revoked grant is off in the feed, by itself or with its client or partner': ({ clientKey }) =>
    `UPDATE registry.grants SET status = 'revoked' WHERE client_id = ${uuid(clientKey)}`,
  'every certificate has its public key, of the same partner': ({ partnerId }) =>
    `DELETE FROM registry.public_keys WHERE partner_id = ${uuid(partnerId)}`,
  'every public key came with a certificate': ({ partnerId }) =>
    `INSERT INTO registry.public_keys (spki_sha256, partner_id) VALUES (repeat('0', 64), ${uuid(partnerId)})`,
  'a client has a subject exactly when it has had a certificate': (_, draft) =>
    `UPDATE registry.clients SET tls_client_auth_subject_dn = 'CN=half' WHERE client_id = '${draft}'`,
  'of a compromised key no certificate is left, and every one that says so has its key marked': ({ partnerId }) =>
    `UPDATE registry.public_keys SET compromised_at = now() WHERE partner_id = ${uuid(partnerId)}`,
  'nothing of an offboarded partner or a retired client is left on': ({ partnerId }) =>
    `UPDATE registry.partners SET status = 'offboarded' WHERE id = ${uuid(partnerId)}`,
  'every kept answer is about something that is there': () =>
    `INSERT INTO registry.idempotency_keys (principal, key, fingerprint, answer)
      VALUES ('x', 'x', repeat('0', 64), '{"id": "cli_gone"}')`,
};

function uuid(shown: string): string {
  return `'${shown.slice(4)}'::uuid`;
}

describe('the invariants of the kill drill', () => {
  const stack = new StackUnderTest();
  let admin: pg.Client;
  let partner: OnboardedPartner;
  let draft: string;

  beforeAll(async () => {
    partner = await stack.onboard(await clientCertificate('CN=broken,O=Invariants'));
    const client = { partner_id: partner.partnerId, client_name: 'A draft' };
    draft = textIn(await stack.operator.call('/v1/clients', { json: client }, 201), 'id');
    for (const action of ['suspend', 'reinstate']) {
      const body = { json: { reason: 'x' }, headers: { 'if-match': '*' } };
      await stack.operator.call(`/v1/clients/${partner.clientKey}/${action}`, body, 200);
    }
    admin = new pg.Client({ connectionString: stack.running.databaseAdminUrl });
    await admin.connect();
  });
  afterAll(() => admin?.end());

  it.each(INVARIANTS)('notices when it does not hold that $name', async ({ name, sql }) => {
    // other specs of this stack do what the drill never does, so only the difference counts; and nothing of it stays
    await admin.query('BEGIN');
    try {
      const before = (await admin.query(sql)).rowCount ?? 0;
      // as if the database had no foreign keys
      await admin.query(`SET LOCAL session_replication_role = 'replica'`);
      await admin.query(BREAKS[name]!(partner, draft));
      expect((await admin.query(sql)).rowCount).toBeGreaterThan(before);
    } finally {
      await admin.query('ROLLBACK');
    }
  });
});
