import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from '../registry.testing.js';

const PERSON = { kind: 'security', name: 'Ada Beispiel', email: 'ada.beispiel@ACME.example' };

let registry: TestRegistry;
let partnerId: string;

beforeAll(async () => {
  registry = await startRegistry();
  partnerId = (await registry.post('/v1/partners', { slug: 'acme', legal_name: 'Acme' })).body.id;
});

afterAll(() => registry?.stop());

const add = (fields: object = {}) => registry.post(`/v1/partners/${partnerId}/contacts`, { ...PERSON, ...fields });
const erase = (id: string, version: number) =>
  registry.call(`/v1/contacts/${id}`, { method: 'DELETE', headers: { 'if-match': `"${version}"` } });

describe('a contact of a partner', () => {
  it('is added, read, listed by kind and changed', async () => {
    const added = await add();
    expect(added).toMatchObject({ status: 201, body: { ...PERSON, partner_id: partnerId, verified_at: null } });
    const { id } = added.body;
    expect(id).toMatch(/^ctc_[0-9a-f]{32}$/);
    expect((await registry.call(`/v1/contacts/${id}`)).body).toEqual(added.body);
    const other = (await add({ kind: 'business' })).body;
    const list = async (query: string) =>
      (await registry.call(`/v1/partners/${partnerId}/contacts${query}`)).body.items;
    expect(await list('')).toEqual([added.body, other]);
    expect(await list('?kind=business')).toEqual([other]);
    const changed = await registry.patch(`/v1/contacts/${id}`, { name: 'Ada Neu' }, 1);
    expect(changed).toMatchObject({ status: 200, body: { ...PERSON, name: 'Ada Neu', version: 2 } });
  });

  it('has to be verified again under a new address', async () => {
    const { id } = (await add()).body;
    await registry.database.query('UPDATE registry.partner_contacts SET verified_at = now()');
    expect((await registry.call(`/v1/contacts/${id}`)).body.verified_at).not.toBeNull();
    const same = await registry.patch(`/v1/contacts/${id}`, { name: 'Ada' }, 1);
    expect(same.body.verified_at).not.toBeNull();
    const moved = await registry.patch(`/v1/contacts/${id}`, { email: 'b@acme.example' }, same.body.version);
    expect(moved.body.verified_at).toBeNull();
  });

  it.each([
    ['no e-mail address', { email: 'ada' }, '/email'],
    ['an address with a line break', { email: 'a@acme.example\nBcc: b@evil.example' }, '/email'],
    ['an unknown kind', { kind: 'friend' }, '/kind'],
    ['a blank name', { name: ' ' }, '/name'],
    ['its own verification', { verified_at: '2026-01-01T00:00:00Z' }, '/verified_at'],
    ['another partner', { partner_id: `ptn_${'0'.repeat(32)}` }, '/partner_id'],
  ])('is refused with %s', async (_, fields, pointer) => {
    const refused = { status: 400, body: { code: 'invalid_request', errors: [{ pointer }] } };
    expect(await add(fields)).toMatchObject(refused);
    const { id } = (await add()).body;
    expect(await registry.patch(`/v1/contacts/${id}`, fields, 1)).toMatchObject(refused);
  });

  it('cannot lose its name or address by a patch', async () => {
    const { id } = (await add()).body;
    for (const patch of [{ name: null }, { email: null }]) {
      expect((await registry.patch(`/v1/contacts/${id}`, patch, 1)).status).toBe(400);
    }
  });
});

describe('a person', () => {
  it('is in no audit event, no change and no log line, under no name and no address', async () => {
    const { id } = (await add()).body;
    await registry.patch(`/v1/contacts/${id}`, { email: 'ada.neu@acme.example' }, 1);
    await erase(id, 2);
    const events = (await registry.call(`/v1/audit-events?target=${id}`)).body.items;
    expect(events.map(({ action }: { action: string }) => action)).toEqual([
      'contact.added',
      'contact.changed',
      'contact.erased',
    ]);
    const { items: changes } = (await registry.call('/v1/changes?after=0&limit=200')).body;
    expect(JSON.stringify(changes)).toContain(id);
    for (const text of [JSON.stringify(events), JSON.stringify(changes), registry.log.join('')]) {
      expect(text).not.toMatch(/Beispiel|ada\.neu|acme\.example/i);
    }
  });

  it('is erased on request: gone from every answer and from the table, where the row stays', async () => {
    const { id } = (await add()).body;
    expect((await registry.call(`/v1/contacts/${id}`, { method: 'DELETE' })).status).toBe(428);
    expect(await erase(id, 7)).toMatchObject({ status: 412 });
    expect(await erase(id, 1)).toMatchObject({ status: 204, body: '' });
    expect((await registry.call(`/v1/contacts/${id}`)).status).toBe(404);
    expect((await registry.patch(`/v1/contacts/${id}`, { name: 'X' }, 2)).status).toBe(404);
    expect((await erase(id, 2)).status).toBe(404);
    const { items } = (await registry.call(`/v1/partners/${partnerId}/contacts?limit=200`)).body;
    expect(items.map((contact: { id: string }) => contact.id)).not.toContain(id);
    const rows = await registry.database.query(
      `SELECT name, email FROM registry.partner_contacts WHERE replace(id::text, '-', '') = $1`,
      [id.slice(4)],
    );
    expect(rows).toEqual([{ name: null, email: null }]);
  });

  it('can still be erased after their company was offboarded', async () => {
    const other = (await registry.post('/v1/partners', { slug: 'globex', legal_name: 'Globex' })).body.id;
    const { id } = (await registry.post(`/v1/partners/${other}/contacts`, PERSON)).body;
    await registry.act(`/v1/partners/${other}/offboard`, { reason: 'Contract ended' });
    expect((await erase(id, 1)).status).toBe(204);
  });
});

it('the platform’s own contacts are for operators of operators', async () => {
  const { partner_id: platform } = (await registry.call(`/v1/clients/${registry.operatorClientId}`)).body;
  const token = await registry.tokenWith('registry:contacts:write');
  const refused = await registry.post(`/v1/partners/${platform}/contacts`, PERSON, { token });
  expect(refused).toMatchObject({ status: 403, body: { code: 'operator_scope_required' } });
  expect((await registry.post(`/v1/partners/${platform}/contacts`, PERSON)).status).toBe(201);
});
