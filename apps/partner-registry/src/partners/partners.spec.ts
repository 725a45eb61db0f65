import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from '../registry.testing.js';

const NOBODY = `ptn_${'0'.repeat(32)}`;

let registry: TestRegistry;
let number = 0;

beforeAll(async () => {
  registry = await startRegistry();
});

afterAll(() => registry?.stop());

const newPartner = (fields: object = {}) => ({ slug: `partner-${++number}`, legal_name: 'Some Company', ...fields });
const create = (fields: object = {}) => registry.post('/v1/partners', newPartner(fields));

function expectFault(answer: { status: number; body: unknown }, pointer: string): void {
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  const { errors } = answer.body as { errors: { pointer: string }[] };
  expect(errors.map((error) => error.pointer)).toContain(pointer);
}

describe('creating a partner', () => {
  it.each([
    ['an unknown field', { is_platform: true }, '/is_platform'],
    ['a status of its own', { status: 'active' }, '/status'],
    ['an id of its own', { id: NOBODY }, '/id'],
    ['a missing name', { legal_name: undefined }, '/legal_name'],
    ['a name of the wrong type', { legal_name: 5 }, '/legal_name'],
    ['an over-long name', { legal_name: 'x'.repeat(201) }, '/legal_name'],
    ['a blank name', { legal_name: '  ' }, '/legal_name'],
    ['a NUL in a name', { legal_name: 'a\u0000b' }, '/legal_name'],
    ['half a surrogate pair in a name', { legal_name: 'a\ud800b' }, '/legal_name'],
    ['a slug with capitals', { slug: 'Acme' }, '/slug'],
    ['a slug ending with a dash', { slug: 'acme-' }, '/slug'],
    ['a country that is no code', { country: 'Germany' }, '/country'],
  ])('refuses %s, by JSON pointer', async (_, fields, pointer) => {
    expectFault(await create(fields), pointer);
  });

  it.each([[[]], ['text'], [null], [5]])('refuses a body that is no object: %j', async (body) => {
    expect(await registry.post('/v1/partners', body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('refuses a slug that is taken, also when two come at once', async () => {
    const request = newPartner();
    const answers = await Promise.all([1, 2, 3].map(() => registry.post('/v1/partners', request)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const refused = answers.find(({ status }) => status === 409)!;
    expect(refused.body).toMatchObject({
      code: 'slug_taken',
      errors: [{ pointer: '/slug' }],
      type: '/problems/slug_taken',
    });
    expect(refused.headers['content-type']).toMatch('application/problem+json');
    expect(refused.body.request_id).toBe(refused.headers['x-request-id']);
  });

  it('takes names in every script', async () => {
    const legal_name = '株式会社アクメ 🚚 Société d’Été';
    expect(await create({ legal_name })).toMatchObject({ status: 201, body: { legal_name } });
  });
});

describe('reading partners', () => {
  it.each([NOBODY, 'ptn_1', 'nonsense', `cli_${'0'.repeat(32)}`, '%27%20OR%201=1', `${NOBODY}0`])(
    'answers 404 for an identifier that names nothing: %s',
    async (id) => {
      expect(await registry.call(`/v1/partners/${id}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    },
  );

  it('walks through all of them by Link, each one once and oldest first', async () => {
    for (let count = 0; count < 5; count++) await create();
    const seen: string[] = [];
    let path: string | undefined = '/v1/partners?limit=2';
    while (path !== undefined) {
      const page = await registry.call(path);
      expect(page.body.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.body.items.map(({ slug }: { slug: string }) => slug));
      const link = page.headers['link'] as string | undefined;
      expect(link === undefined).toBe(page.body.next_cursor === null);
      path = link && /^<([^>]+)>; rel="next"$/.exec(link)?.[1];
      if (path) expect(path).toMatch(/^\/v1\/partners\?limit=2&cursor=/);
    }
    const stored = await registry.database.query('SELECT slug FROM registry.partners ORDER BY created_at, id');
    expect(seen).toEqual(stored.map(({ slug }) => slug));
  });

  it.each([
    ['limit=0', '/limit'],
    ['limit=201', '/limit'],
    ['limit=ten', '/limit'],
    ['limit=5&limit=6', '/limit'],
    ['cursor=nonsense', '/cursor'],
    ['offset=5', '/offset'],
  ])('refuses the query %s', async (query, pointer) => {
    expectFault(await registry.call(`/v1/partners?${query}`), pointer);
  });

  it('refuses a query on a route that takes none', async () => {
    const { body } = await create();
    expectFault(await registry.call(`/v1/partners/${body.id}?expand=clients`), '/expand');
    expectFault(await registry.post('/v1/partners?dry=1', newPartner()), '/dry');
  });
});

describe('the status of a partner', () => {
  const act = (id: string, action: string, json: unknown = { reason: 'because' }) =>
    registry.act(`/v1/partners/${id}/${action}`, json);

  it('goes from pending to active to suspended and back, with the last reason', async () => {
    const { id } = (await create()).body;
    for (const [action, status] of [
      ['activate', 'active'],
      ['suspend', 'suspended'],
      ['reinstate', 'active'],
    ] as const) {
      const changed = await act(id, action, { reason: `${action} it` });
      expect(changed).toMatchObject({ status: 200, body: { status, status_reason: `${action} it` } });
    }
  });

  it('refuses what the present state does not allow, and names that state', async () => {
    const { id } = (await create()).body;
    const refused = await act(id, 'suspend');
    expect(refused).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
    expect(refused.body.detail).toContain('pending');
    await act(id, 'activate');
    expect(await act(id, 'activate')).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
    expect((await registry.call(`/v1/partners/${id}`)).body).toMatchObject({ status: 'active', version: 2 });
  });

  it('lets one of several at once through', async () => {
    const { id } = (await create()).body;
    const answers = await Promise.all([1, 2, 3, 4].map(() => act(id, 'activate')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  });

  it('needs a reason, and a partner', async () => {
    const { id } = (await create()).body;
    expectFault(await act(id, 'activate', {}), '/reason');
    expectFault(await act(id, 'activate', { reason: ' ' }), '/reason');
    expectFault(await act(id, 'activate', { reason: 'x', force: true }), '/force');
    expect((await act(NOBODY, 'activate')).status).toBe(404);
    expect((await act(id, 'delete')).status).toBe(404);
  });
});
