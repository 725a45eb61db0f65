import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHIPMENTS, startRegistry, type TestAnswer, type TestRegistry } from '../registry.testing.js';

let registry: TestRegistry;
let number = 0;

beforeAll(async () => {
  registry = await startRegistry();
});

afterAll(() => registry?.stop());

async function newPartner(fields: object = {}): Promise<string> {
  const request = { slug: `partner-${++number}`, legal_name: 'Acme', ...fields };
  return (await registry.post('/v1/partners', request)).body.id;
}

const read = async (id: string) => (await registry.call(`/v1/partners/${id}`)).body;
const patch = async (id: string, json: unknown, version?: number | null) =>
  registry.patch(`/v1/partners/${id}`, json, version === undefined ? (await read(id)).version : version);

function expectFault(answer: TestAnswer, pointer: string): void {
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  expect(answer.body.errors.map((fault: { pointer: string }) => fault.pointer)).toContain(pointer);
}

describe('changing a partner', () => {
  it('merges: what is absent stays, null takes away, labels and metadata go member by member', async () => {
    const id = await newPartner({
      display_name: 'A',
      external_ref: 'crm-1',
      labels: { tier: 'gold', region: 'dach' },
      metadata: { contract: { number: 1, ends: '2030' }, notes: ['a'] },
    });
    const changed = await patch(id, {
      legal_name: 'Acme SE',
      external_ref: null,
      registration_number: 'HRB 1',
      labels: { tier: null, size: 'xl' },
      metadata: { contract: { ends: null }, notes: [] },
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { legal_name: 'Acme SE', display_name: 'A', external_ref: null, registration_number: 'HRB 1', version: 2 },
    });
    expect(changed.body).toMatchObject({ labels: { region: 'dach', size: 'xl' }, metadata: { notes: [] } });
    expect(changed.body.labels).toEqual({ region: 'dach', size: 'xl' });
    expect(changed.body.metadata).toEqual({ contract: { number: 1 }, notes: [] });
    expect(changed.headers['etag']).toBe('"2"');
    expect((await patch(id, { labels: null, metadata: null })).body).toMatchObject({ labels: {}, metadata: {} });
    expect(await read(id)).toMatchObject({ labels: {}, metadata: {}, version: 3 });
  });

  it.each([
    ['what must be there taken away', { legal_name: null }, '/legal_name'],
    ['a slug', { slug: 'other' }, '/slug'],
    ['a status', { status: 'active' }, '/status'],
    ['an id', { id: 'x' }, '/id'],
    ['a version', { version: 9 }, '/version'],
    ['an unknown member', { is_platform: true }, '/is_platform'],
    ['a label with a blank name', { labels: { ' ': 'x' } }, '/labels/ '],
    ['a label that is no text', { labels: { tier: 1 } }, '/labels/tier'],
    ['metadata that is no object', { metadata: [] }, '/metadata'],
    ['metadata with a NUL', { metadata: { a: { b: '\u0000' } } }, '/metadata'],
    ['metadata with half a surrogate pair', { metadata: { '\ud800': 1 } }, '/metadata'],
    [
      'metadata that is too deep',
      { metadata: { a: { b: { c: { d: { e: { f: { g: { h: { i: 1 } } } } } } } } } },
      '/metadata',
    ],
    ['metadata that is too large', { metadata: { a: 'x'.repeat(9000) } }, '/metadata'],
  ])('refuses %s, by JSON pointer', async (_, json, pointer) => {
    const id = await newPartner();
    expectFault(await patch(id, json), pointer);
    expect((await read(id)).version).toBe(1);
  });

  it('holds the bounds for what is there together with what comes', async () => {
    const id = await newPartner();
    const labels = (from: number) => Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`l${from + at}`, 'x']));
    expect((await patch(id, { labels: labels(0) })).status).toBe(200);
    expectFault(await patch(id, { labels: labels(20) }), '/labels');
    expect((await patch(id, { metadata: { a: 'x'.repeat(5000) } })).status).toBe(200);
    expectFault(await patch(id, { metadata: { b: 'x'.repeat(5000) } }), '/metadata');
    expect((await patch(id, { metadata: { a: null, b: 'x'.repeat(5000) } })).status).toBe(200);
  });

  it('takes a merge patch and nothing else, and only PATCH takes one', async () => {
    const path = `/v1/partners/${await newPartner()}`;
    const headers = { 'if-match': '"1"' };
    const json = await registry.call(path, { method: 'PATCH', json: { legal_name: 'B' }, headers });
    expect(json).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
    const raw = (text: string) => ({ type: 'application/merge-patch+json', text });
    const post = await registry.call('/v1/partners', { method: 'POST', raw: raw('{}') });
    expect(post).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    for (const [text, code] of [
      ['{', 'malformed_json'],
      ['', 'malformed_json'],
      ['{"__proto__":{"a":1}}', 'invalid_request'],
      ['{"metadata":{"__proto__":1}}', 'invalid_request'],
      [deep, undefined],
    ]) {
      const answer = await registry.call(path, { method: 'PATCH', raw: raw(text!), headers });
      expect(answer, code).toMatchObject({ status: 400, ...(code && { body: { code } }) });
    }
    for (const text of ['null', '[]', '"x"', '['.repeat(40) + ']'.repeat(40)]) {
      const answer = await registry.call(path, { method: 'PATCH', raw: raw(text), headers });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    }
  });

  it('needs the version that was seen: of two editors the second loses nothing', async () => {
    const id = await newPartner();
    expect(await patch(id, { country: 'DE' }, null)).toMatchObject({ status: 428 });
    const both = await Promise.all(['DE', 'NL'].map((country) => patch(id, { country }, 1)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect((await read(id)).version).toBe(2);
  });
});

describe('listing partners', () => {
  it('by status, slug and external reference', async () => {
    const external_ref = 'crm-filter';
    const id = await newPartner({ external_ref });
    const slug = `partner-${number}`;
    for (const query of [`slug=${slug}`, `external_ref=${external_ref}`, `slug=${slug}&status=pending`]) {
      const { items } = (await registry.call(`/v1/partners?${query}`)).body;
      expect(items).toMatchObject([{ id }]);
    }
    expect((await registry.call(`/v1/partners?slug=${slug}&status=active`)).body.items).toEqual([]);
    expect((await registry.call('/v1/partners?status=dormant')).status).toBe(400);
  });
});

describe('offboarding a partner', () => {
  const act = (path: string, reason = 'Contract ended') => registry.act(path, { reason });
  const published = async (clientId: string) =>
    (
      await registry.database.query(
        'SELECT * FROM registry.registered_client WHERE client_id = $1',
        [clientId],
        registry.database.tokenServiceUrl,
      )
    )[0];

  async function newClient(partner_id: string, subject: string): Promise<string> {
    const request = { partner_id, client_name: 'Importer', environment: 'production' };
    const id = (await registry.post('/v1/clients', request)).body.id;
    const { certificatePem: pem } = await registry.authority.issueClient({ subject });
    expect((await registry.post(`/v1/clients/${id}/certificates`, { pem })).status).toBe(201);
    const scopes = { audience: SHIPMENTS, scopes: ['shipments:read'] };
    expect((await registry.post(`/v1/clients/${id}/scopes`, scopes)).status).toBe(201);
    return id;
  }

  it('retires every client, revokes every certificate and takes back every grant, for good', async () => {
    const id = await newPartner();
    const clients = [await newClient(id, 'CN=one'), await newClient(id, 'CN=two')];
    const bystander = await newClient(await newPartner(), 'CN=bystander');
    await act(`/v1/partners/${id}/activate`);
    await act(`/v1/clients/${clients[0]}/activate`);
    expect(await act(`/v1/partners/${id}/offboard`)).toMatchObject({ status: 200, body: { status: 'offboarded' } });
    for (const client of clients) {
      expect((await registry.call(`/v1/clients/${client}`)).body).toMatchObject({
        status: 'retired',
        status_reason: 'Contract ended',
      });
      expect((await registry.call(`/v1/clients/${client}/certificates`)).body.items).toMatchObject([
        { status: 'revoked', revocation_reason: 'cessation_of_operation' },
      ]);
      expect((await registry.call(`/v1/clients/${client}/scopes`)).body.items).toMatchObject([{ status: 'revoked' }]);
      expect(await published(client)).toMatchObject({ usable: false, certificates: [], grants: [] });
    }
    expect((await registry.call(`/v1/clients/${bystander}/certificates`)).body.items).toMatchObject([
      { status: 'active' },
    ]);
    for (const action of ['activate', 'suspend', 'reinstate', 'offboard']) {
      expect(await act(`/v1/partners/${id}/${action}`)).toMatchObject({
        status: 409,
        body: { code: 'invalid_transition' },
      });
      expect((await act(`/v1/clients/${clients[0]}/${action}`)).status).toBe(action === 'offboard' ? 404 : 409);
    }
  });

  it('leaves one revocation record for the partner, and one event that names everything', async () => {
    const id = await newPartner();
    const client = await newClient(id, 'CN=importer');
    await act(`/v1/partners/${id}/offboard`);
    const records = await registry.database.query(
      `SELECT kind, mode FROM token.revocation WHERE subject = jsonb_build_object('partner_id', $1::text)`,
      [id],
      registry.database.adminUrl,
    );
    expect(records).toEqual([{ kind: 'partner', mode: 'off' }]);
    const events = (await registry.call(`/v1/audit-events?target=${client}`)).body.items;
    expect(events.at(-1)).toMatchObject({ action: 'partner.offboarded', reason: 'Contract ended' });
    expect(events.at(-1).targets).toEqual(expect.arrayContaining([id, client, expect.stringMatching(/^crt_/)]));
  });

  it('is the end of additions: clients, certificates, grants, anchors, contacts and changes are refused', async () => {
    const id = await newPartner();
    const client = await newClient(id, 'CN=importer');
    await act(`/v1/partners/${id}/offboard`);
    const { certificatePem: pem } = await registry.authority.issueClient({ subject: 'CN=importer' });
    const offboarded = { status: 409, body: { code: 'partner_offboarded' } };
    const retired = { status: 409, body: { code: 'client_retired' } };
    const contact = { kind: 'technical', name: 'A', email: 'a@acme.example' };
    const anchor = { name: 'Root', pem: registry.authority.certificatePem, partner_id: id };
    expect(await registry.post('/v1/clients', { partner_id: id, client_name: 'B' })).toMatchObject(offboarded);
    expect(await registry.post(`/v1/partners/${id}/contacts`, contact)).toMatchObject(offboarded);
    expect(await registry.post('/v1/trust-anchors', anchor)).toMatchObject(offboarded);
    expect(await patch(id, { country: 'DE' })).toMatchObject(offboarded);
    expect(await registry.post(`/v1/clients/${client}/certificates`, { pem })).toMatchObject(retired);
    const grant = { audience: SHIPMENTS, scopes: ['shipments:write'] };
    expect(await registry.post(`/v1/clients/${client}/scopes`, grant)).toMatchObject(retired);
    const { version } = (await registry.call(`/v1/clients/${client}`)).body;
    expect(await registry.patch(`/v1/clients/${client}`, { client_name: 'C' }, version)).toMatchObject(retired);
  });

  it('and registering clients at the same moment leave no client behind that is not retired', async () => {
    const id = await newPartner();
    const register = () => registry.post('/v1/clients', { partner_id: id, client_name: 'Late' });
    const [first, , third] = await Promise.all([register(), act(`/v1/partners/${id}/offboard`), register()]);
    for (const { status, body } of [first!, third!]) {
      if (status !== 201) expect(body.code).toBe('partner_offboarded');
    }
    const { items } = (await registry.call(`/v1/clients?partner_id=${id}`)).body;
    expect(items.filter(({ status }: { status: string }) => status !== 'retired')).toEqual([]);
  });
});
