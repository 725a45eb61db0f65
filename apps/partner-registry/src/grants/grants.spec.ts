import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SHIPMENTS, startRegistry, type TestRegistry } from '../registry.testing.js';

let registry: TestRegistry;
let partner_id: string;
let clientId: string;

beforeAll(async () => {
  registry = await startRegistry();
  partner_id = (await registry.post('/v1/partners', { slug: 'acme', legal_name: 'Acme' })).body.id;
});

afterAll(() => registry?.stop());

beforeEach(async () => {
  clientId = await newClient('production');
});

async function newClient(environment: string): Promise<string> {
  return (await registry.post('/v1/clients', { partner_id, client_name: 'Importer', environment })).body.id;
}

const grant = (json: object, id = clientId) =>
  registry.post(`/v1/clients/${id}/scopes`, { audience: SHIPMENTS, ...json });

const granted = async () => (await registry.call(`/v1/clients/${clientId}/scopes`)).body.items;

describe('granting scopes', () => {
  it('again is the same grant, with the new end', async () => {
    const scopes = ['shipments:read'];
    const [first] = (await grant({ scopes })).body.items;
    const again = await grant({ scopes });
    expect(again).toMatchObject({ status: 201, body: { items: [{ id: first.id, version: 1, valid_until: null }] } });
    const limited = await grant({
      scopes: ['shipments:read', 'shipments:write'],
      valid_until: '2030-01-01T01:00:00+01:00',
    });
    expect(limited.body.items).toMatchObject([
      { id: first.id, version: 2, valid_until: '2030-01-01T00:00:00.000Z' },
      { scope: 'shipments:write', version: 1 },
    ]);
    expect((await grant({ scopes })).body.items[0]).toMatchObject({ id: first.id, valid_until: null });
    expect(await granted()).toHaveLength(2);
  });

  it('makes one grant of a scope that is named twice, or asked for several times at once', async () => {
    const scopes = ['shipments:read', 'shipments:read'];
    const answers = await Promise.all([1, 2, 3].map(() => grant({ scopes })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(answers[0]!.body.items).toHaveLength(1);
    expect(await granted()).toHaveLength(1);
  });

  it('is all or nothing: an unknown scope is named by its place', async () => {
    expect(await grant({ scopes: ['shipments:read', 'shipments:burn'] })).toMatchObject({
      status: 422,
      body: { code: 'unknown_scope', errors: [{ pointer: '/scopes/1' }] },
    });
    expect(await granted()).toEqual([]);
  });

  it('needs a resource server of that audience, character by character', async () => {
    for (const audience of ['https://nowhere.example', `${SHIPMENTS}/`, SHIPMENTS.replace('localhost', 'LOCALHOST')]) {
      expect(await grant({ audience, scopes: ['shipments:read'] })).toMatchObject({
        status: 422,
        body: { code: 'unknown_audience', errors: [{ pointer: '/audience' }] },
      });
    }
  });

  it('keeps sandbox clients off production, and production clients off the sandbox', async () => {
    const sandbox = await newClient('sandbox');
    expect(await grant({ scopes: ['shipments:read'] }, sandbox)).toMatchObject({
      status: 422,
      body: { code: 'environment_mismatch' },
    });
    const audience = 'https://sandbox.example';
    const server = {
      audience,
      name: 'Sandbox',
      environment: 'sandbox',
      scopes: [{ name: 'try', description: 'Try.' }],
    };
    await registry.post('/v1/resource-servers', server);
    expect((await grant({ audience, scopes: ['try'] })).body.code).toBe('environment_mismatch');
    expect((await grant({ audience, scopes: ['try'] }, sandbox)).status).toBe(201);
  });

  it.each([
    ['no scope', { scopes: [] }, '/scopes'],
    ['a scope with a space', { scopes: ['a b'] }, '/scopes/0'],
    ['an end without offset', { scopes: ['shipments:read'], valid_until: '2030-01-01T00:00:00' }, '/valid_until'],
    ['an audience that is no URI', { audience: 'shipments', scopes: ['shipments:read'] }, '/audience'],
    ['an unknown field', { scopes: ['shipments:read'], status: 'active' }, '/status'],
  ])('refuses %s, by JSON pointer', async (_, fields, pointer) => {
    expect(await grant(fields)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ pointer }] },
    });
  });
});

describe('listing grants', () => {
  it('page by page', async () => {
    await grant({ scopes: ['shipments:read', 'shipments:write'] });
    const first = await registry.call(`/v1/clients/${clientId}/scopes?limit=1`);
    expect(first.body.items).toMatchObject([{ scope: 'shipments:read', audience: SHIPMENTS }]);
    const second = await registry.call(`/v1/clients/${clientId}/scopes?limit=1&cursor=${first.body.next_cursor}`);
    expect(second.body).toMatchObject({ items: [{ scope: 'shipments:write' }], next_cursor: null });
    expect(second.headers['link']).toBeUndefined();
  });
});

describe('resource servers', () => {
  const server = { audience: 'https://a.example', name: 'A', environment: 'production', scopes: [] };

  it('have an audience of their own', async () => {
    await registry.post('/v1/resource-servers', server);
    expect(await registry.post('/v1/resource-servers', server)).toMatchObject({
      status: 409,
      body: { code: 'audience_taken', errors: [{ pointer: '/audience' }] },
    });
  });

  it.each([
    [
      'a scope twice',
      {
        scopes: [
          { name: 'x', description: 'X' },
          { name: 'x', description: 'Y' },
        ],
      },
      '/scopes',
    ],
    ['a scope without description', { scopes: [{ name: 'x' }] }, '/scopes/0/description'],
    [
      'a scope with an unknown field',
      { scopes: [{ name: 'x', description: 'X', sensitive: true }] },
      '/scopes/0/sensitive',
    ],
    ['an audience with a fragment', { audience: 'https://a.example#x' }, '/audience'],
    ['no environment', { environment: undefined }, '/environment'],
  ])('are refused with %s', async (_, fields, pointer) => {
    expect(await registry.post('/v1/resource-servers', { ...server, ...fields })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ pointer }] },
    });
  });
});
