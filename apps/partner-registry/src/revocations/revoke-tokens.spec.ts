import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EVERY_SCOPE, startRegistry, type TestRegistry } from '../registry.testing.js';

let registry: TestRegistry;
let partner: string;
let client: string;
let number = 0;

beforeAll(async () => {
  registry = await startRegistry({ scheduledWork: false }); // nothing happens here but what is done
});

afterAll(() => registry?.stop());

beforeEach(async () => {
  partner = (await registry.post('/v1/partners', { slug: `partner-${++number}`, legal_name: 'Acme' })).body.id;
  client = (await registry.post('/v1/clients', { partner_id: partner, client_name: 'Importer' })).body.id;
  const { certificatePem: pem } = await registry.authority.issueClient({ subject: `CN=partner-${number}` });
  await registry.post(`/v1/clients/${client}/certificates`, { pem });
  await registry.act(`/v1/clients/${client}/activate`, { reason: 'x' });
  await registry.act(`/v1/partners/${partner}/activate`, { reason: 'x' });
});

const REASON = 'a token was found in a log';
const revoke = (path: string, headers?: Record<string, string>, token?: string) =>
  registry.act(`/v1/${path}`, { reason: REASON }, { ...(headers && { headers }), ...(token && { token }) });
/** The entry under this number, unless another took its place. */
async function entry(seq: unknown) {
  const sql = 'SELECT kind, subject, mode, reason FROM token.revocation WHERE seq = $1';
  return (await registry.database.query(sql, [seq], registry.database.tokenServiceUrl))[0];
}
const lastAudit = async (filter: string) =>
  (await registry.call(`/v1/audit-events?limit=200&${filter}`)).body.items.at(-1);
const changes = async () =>
  registry.database.query('SELECT type, data, client_ids FROM registry.outbox_events ORDER BY seq DESC LIMIT 1');
const withoutOperators = () =>
  registry.tokenWith(...EVERY_SCOPE.filter((scope) => scope !== 'registry:operators:write'));

const admin = () => registry.database.adminUrl;

describe.each([
  ['client', () => `clients/${client}`, () => ({ client_id: client })],
  ['partner', () => `partners/${partner}`, () => ({ partner_id: partner })],
])('revoking the tokens of a %s', (kind, path, subject) => {
  it('cuts off what was issued until now, and changes neither its status nor its version', async () => {
    const before = await registry.call(`/v1/${path()}`);
    const answer = await revoke(`${path()}/revoke-tokens`);
    expect(answer).toMatchObject({ status: 200, body: before.body, headers: { etag: before.headers['etag'] } });
    expect(await entry(answer.headers['revocation-seq'])).toEqual({
      kind,
      subject: subject(),
      mode: 'cutoff',
      reason: REASON,
    });
    expect((await registry.call(`/v1/${path()}`)).body).toEqual(before.body);
  });

  it('is audited and announced; no published row has changed', async () => {
    await revoke(`${path()}/revoke-tokens`);
    const { id } = (await registry.call(`/v1/${path()}`)).body;
    const action = `${kind}.tokens_revoked`;
    expect(await lastAudit(`target=${id}`)).toMatchObject({
      action,
      reason: REASON,
      after: null,
      targets: [...new Set([id, partner])],
    });
    expect(await changes()).toMatchObject([{ type: action, data: { id, reason: REASON }, client_ids: [] }]);
  });

  it('holds to the version that was seen, when one was', async () => {
    expect((await revoke(`${path()}/revoke-tokens`, { 'if-match': '"1"' })).status).toBe(412);
    const { etag } = (await registry.call(`/v1/${path()}`)).headers as { etag: string };
    expect((await revoke(`${path()}/revoke-tokens`, { 'if-match': etag })).status).toBe(200);
    const blind = await registry.post(`/v1/${path()}/revoke-tokens`, { reason: REASON });
    expect(blind).toMatchObject({ status: 428, body: { code: 'precondition_required' } });
  });

  it('leaves off what is off', async () => {
    await registry.act(`/v1/${path()}/suspend`, { reason: 'x' });
    const answer = await revoke(`${path()}/revoke-tokens`);
    expect(await entry(answer.headers['revocation-seq'])).toMatchObject({ kind, mode: 'off' });
  });

  it('as a dry run records nothing', async () => {
    const head = () =>
      registry.database.query('SELECT seq FROM token.revocation ORDER BY seq DESC LIMIT 1', [], admin());
    const before = await head();
    expect((await revoke(`${path()}/revoke-tokens?dry_run=true`)).status).toBe(200);
    expect(await head()).toEqual(before);
  });

  it('needs a reason, and something that is there', async () => {
    expect((await registry.act(`/v1/${path()}/revoke-tokens`, {})).status).toBe(400);
    const nobody = `${path().slice(0, -32)}${'0'.repeat(32)}`;
    expect((await revoke(`${nobody}/revoke-tokens`)).status).toBe(404);
  });
});

describe('revoking the tokens of operators', () => {
  it('takes registry:operators:write, for one of them as for the platform', async () => {
    const { partner_id: platform } = (await registry.call(`/v1/clients/${registry.operatorClientId}`)).body;
    const token = await withoutOperators();
    const refused = { status: 403, body: { code: 'operator_scope_required' } };
    for (const path of [`clients/${registry.operatorClientId}`, `partners/${platform}`]) {
      expect(await revoke(`${path}/revoke-tokens`, undefined, token), path).toMatchObject(refused);
      expect((await revoke(`${path}/revoke-tokens`)).status, path).toBe(200);
    }
  });
});

describe('revoking every token', () => {
  it('cuts off all that was issued until now, audited and announced', async () => {
    const answer = await registry.post('/v1/revoke-all-tokens', { reason: REASON });
    expect(answer).toMatchObject({ status: 200, body: { reason: REASON } });
    expect(answer.headers['etag']).toBeUndefined();
    expect(await entry(answer.headers['revocation-seq'])).toEqual({
      kind: 'all',
      subject: {},
      mode: 'cutoff',
      reason: REASON,
    });
    expect(await lastAudit('action=tokens.all_revoked')).toMatchObject({ targets: [], reason: REASON });
    expect(await changes()).toMatchObject([{ type: 'tokens.all_revoked', data: answer.body, client_ids: [] }]);
  });

  it('is answered the same to the same Idempotency-Key, and done once', async () => {
    const sent = { headers: { 'idempotency-key': `all-${number}` } };
    const first = await registry.post('/v1/revoke-all-tokens', { reason: REASON }, sent);
    const again = await registry.post('/v1/revoke-all-tokens', { reason: REASON }, sent);
    expect(again.body).toEqual(first.body);
    expect(again.headers['revocation-seq']).toBe(first.headers['revocation-seq']);
  });

  it('takes If-Match: * as every action does', async () => {
    expect(await registry.act('/v1/revoke-all-tokens', { reason: REASON })).toMatchObject({ status: 200 });
  });

  it('takes registry:operators:write, and has no version to match', async () => {
    const token = await withoutOperators();
    expect((await registry.post('/v1/revoke-all-tokens', { reason: REASON }, { token })).status).toBe(403);
    const matched = await registry.post(
      '/v1/revoke-all-tokens',
      { reason: REASON },
      { headers: { 'if-match': '"1"' } },
    );
    expect(matched).toMatchObject({ status: 400, body: { errors: [{ pointer: '/If-Match' }] } });
  });

  it('as a dry run records nothing', async () => {
    const dry = await registry.post('/v1/revoke-all-tokens?dry_run=true', { reason: 'not yet' });
    expect([dry.status, dry.headers['revocation-seq']]).toEqual([200, undefined]);
    const found = await registry.database.query(`SELECT 1 FROM token.revocation WHERE reason = 'not yet'`, [], admin());
    expect(found).toEqual([]);
  });
});
