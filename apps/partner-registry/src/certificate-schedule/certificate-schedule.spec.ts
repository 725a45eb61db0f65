import { createAuthority, type Authority, type Issued, type LeafOptions } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startRegistry, type TestRegistry } from '../registry.testing.js';

// Real replicas of the registry, whose jobs run as they always do. Dates are set in the database where waiting for them
// would take too long.

let registry: TestRegistry;
let authority: Authority;
let client: string;
let number = 0;

beforeAll(async () => {
  registry = await startRegistry();
  authority = await createAuthority({ name: 'Partner Root' });
  await registry.startReplica();
});
afterAll(() => registry?.stop());

beforeEach(async () => {
  const partner = { slug: `partner-${++number}`, legal_name: 'Acme' };
  const { id: partner_id } = (await registry.post('/v1/partners', partner)).body;
  client = (await registry.post('/v1/clients', { partner_id, client_name: 'Importer' })).body.id;
});

const issue = (options: Partial<LeafOptions> = {}) => authority.issueClient({ subject: 'CN=importer', ...options });
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const upload = async (issued: Issued, json: object = {}): Promise<string> =>
  (await registry.post(`/v1/clients/${client}/certificates`, { pem: issued.certificatePem, ...json })).body.id;
const act = (id: string, action: string, more: object = {}) =>
  registry.act(`/v1/certificates/${id}/${action}`, { reason: 'Maintenance window', ...more });
const read = async (id: string) => (await registry.call(`/v1/certificates/${id}`)).body;
const becomes = (id: string, status: string) =>
  vi.waitFor(async () => expect(await read(id)).toMatchObject({ status }), { timeout: 240_000, interval: 50 });
const dateNow = (id: string, column: string) =>
  registry.database.query(
    `UPDATE registry.certificates SET ${column} = now() WHERE 'crt_' || replace(id::text, '-', '') = $1`,
    [id],
    registry.database.adminUrl,
  );

/** How often each kind of event about a certificate by a job is in the audit and in the outbox. */
async function told(id: string): Promise<Record<string, [number, number]>> {
  const rows = await registry.database.query(
    `SELECT e.action, count(*)::int AS audited,
       (SELECT count(*)::int FROM registry.outbox_events o WHERE o.type = e.action AND o.data->>'id' = $1) AS announced
       FROM registry.audit_events e JOIN registry.audit_event_targets t ON t.seq = e.seq AND t.target = $1
      WHERE e.actor LIKE 'job:%' GROUP BY 1`,
    [id],
  );
  return Object.fromEntries(rows.map(({ action, audited, announced }) => [action, [audited, announced]]));
}
async function feedOf({ thumbprint }: Issued): Promise<string[]> {
  const sql = `SELECT mode FROM token.revocation WHERE subject = jsonb_build_object('thumbprint', $1::text)`;
  const rows = await registry.database.query(sql, [thumbprint], registry.database.adminUrl);
  return rows.map(({ mode }) => mode);
}
const alarms = (id: string) =>
  registry.log.filter((line) => line.includes(id) && line.includes('a planned activation was refused'));

describe('when the date of a certificate comes', () => {
  it('one is active and the other superseded, each once however many replicas there are; the guards hear of the latter', async () => {
    const [first, second] = [await issue(), await issue()];
    const date = inMs(3_600_000);
    const old = await upload(first);
    const next = await upload(second, { activate_at: date, replaces: old });
    expect(await act(old, 'supersede', { at: date })).toMatchObject({ status: 200 });
    expect(await read(old)).toMatchObject({ status: 'active', retire_at: date });
    await Promise.all([dateNow(next, 'activate_at'), dateNow(old, 'retire_at')]);
    await Promise.all([becomes(next, 'active'), becomes(old, 'superseded')]);
    await registry.anotherRound();
    expect(await told(next)).toEqual({ 'certificate.activated': [1, 1] });
    expect(await told(old)).toEqual({ 'certificate.superseded': [1, 1] });
    expect(await feedOf(first)).toEqual(['off']);
    expect(await feedOf(second)).toEqual([]);
    expect(await read(old)).toMatchObject({ status_reason: 'Maintenance window' });
  });

  it('an activation for which there is no room is refused once, with an alarm, and its tokens end', async () => {
    await upload(await issue());
    const issued = await issue();
    const id = await upload(issued, { activate_at: inMs(3_600_000) });
    const { version } = (await registry.call(`/v1/clients/${client}`)).body;
    await registry.patch(`/v1/clients/${client}`, { max_active_certificates: 1 }, version);
    await dateNow(id, 'activate_at');
    await vi.waitFor(() => expect(alarms(id)).toHaveLength(1), { timeout: 240_000 });
    await registry.anotherRound();
    expect(alarms(id)).toHaveLength(1);
    expect(await read(id)).toMatchObject({ status: 'pending', activate_at: null });
    expect((await read(id)).status_reason).toMatch(/^too_many_certificates: /);
    expect(await told(id)).toEqual({ 'certificate.activation_refused': [1, 1] });
    expect(await feedOf(issued)).toEqual(['off']);
    await registry.patch(`/v1/clients/${client}`, { max_active_certificates: 2 }, version + 1);
    expect((await act(id, 'activate')).body).toMatchObject({ status: 'active' });
    expect(await feedOf(issued)).toEqual(['cutoff']);
  });

  it('an activation without a path any more is refused likewise', async () => {
    const issued = await issue();
    const id = await upload(issued, { activate_at: inMs(3_600_000) });
    const stranger = await createAuthority({ name: `Stranger ${number}` });
    const { partner_id } = (await registry.call(`/v1/clients/${client}`)).body;
    const anchor = { name: 'Stranger', partner_id, pem: stranger.certificatePem };
    const { id: trust_anchor_id } = (await registry.post('/v1/trust-anchors', anchor)).body;
    await registry.post(`/v1/clients/${client}/trust-anchors`, { trust_anchor_id });
    await dateNow(id, 'activate_at');
    await vi.waitFor(() => expect(alarms(id)).toHaveLength(1), { timeout: 240_000 });
    expect((await read(id)).status_reason).toMatch(/^certificate_refused: .*path/);
  });

  it('A27: one that runs out is expired, once; the guards need not hear of it', async () => {
    const issued = await issue();
    const id = await upload(issued);
    const pending = await upload(await issue(), { activate: false });
    await Promise.all([dateNow(id, 'not_after'), dateNow(pending, 'not_after')]);
    await Promise.all([becomes(id, 'expired'), becomes(pending, 'expired')]);
    expect(await told(id)).toEqual({ 'certificate.expired': [1, 1] });
    expect(await told(pending)).toEqual({ 'certificate.expired': [1, 1] });
    expect(await feedOf(issued)).toEqual([]);
  });

  it('one of a client known by its identity keeps its date: superseded it would be accepted again', async () => {
    const issued = await issue();
    const id = await upload(issued);
    await act(id, 'supersede', { at: inMs(3_600_000) });
    const policy = `UPDATE registry.clients SET certificate_policy = $2 WHERE 'cli_' || replace(id::text, '-', '') = $1`;
    await registry.database.query(policy, [client, 'identity_only'], registry.database.adminUrl);
    await dateNow(id, 'retire_at');
    await registry.anotherRound();
    expect(await read(id)).toMatchObject({ status: 'active' });
    await registry.database.query(policy, [client, 'registered_only'], registry.database.adminUrl);
    await becomes(id, 'superseded');
  });
});
