import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startRegistry, type TestAnswer, type TestRegistry, type TestRequest } from '../registry.testing.js';

let registry: TestRegistry;
let replica: TestRegistry['call'];
let number = 0;

beforeAll(async () => {
  registry = await startRegistry();
  replica = await registry.startReplica();
});

afterAll(() => registry?.stop());

const newPartner = () => ({ slug: `partner-${++number}`, legal_name: 'Acme' });
const withKey = (key: string): TestRequest => ({ headers: { 'idempotency-key': key } });
const withVersion = (tag: string): TestRequest => ({ headers: { 'if-match': tag } });
const count = async (table: string, where = 'true'): Promise<number> =>
  (await registry.database.query(`SELECT count(*)::int AS n FROM registry.${table} WHERE ${where}`))[0].n;
/** Where a POST adds one; anywhere else it does something to one that is there. */
const COLLECTION =
  /^\/v1\/[a-z-]+$|\{id\}\/(?:contacts|certificates|certificate-requests|scopes|clients|trust-anchors|crls)$/;
/** Everything a mutation could leave behind. */
const traces = () =>
  Promise.all(
    ['partners', 'audit_events', 'outbox_events', 'idempotency_keys', 'public_keys'].map((table) => count(table)),
  );

describe('Idempotency-Key', () => {
  it('the same request again is answered the same, and done once', async () => {
    const [key, request] = [randomUUID(), newPartner()];
    const first = await registry.post('/v1/partners', request, withKey(key));
    const again = await registry.post('/v1/partners', request, withKey(key));
    expect(first).toMatchObject({ status: 201, headers: { etag: '"1"' } });
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(again).toMatchObject({
      status: 201,
      body: first.body,
      headers: { etag: '"1"', 'idempotency-replayed': 'true' },
    });
    expect(JSON.stringify(again.body)).toBe(JSON.stringify(first.body));
    expect(await count('partners', `slug = '${request.slug}'`)).toBe(1);
  });

  it('also when it comes ten times at once, over two replicas', async () => {
    const [key, request] = [randomUUID(), newPartner()];
    const send = (call: TestRegistry['call']) =>
      call('/v1/partners', { method: 'POST', json: request, ...withKey(key) });
    // On a busy machine one may be told that the first is still in flight, and sends it again.
    const sendUntilDone = async (call: TestRegistry['call']): Promise<TestAnswer> => {
      const answer = await send(call);
      return answer.body.code === 'idempotency_key_in_flight' ? sendUntilDone(call) : answer;
    };
    const calls = Array.from({ length: 10 }, (_, at) => (at % 2 ? replica : registry.call));
    const answers = await Promise.all(calls.map(sendUntilDone));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'])).toHaveLength(9);
    expect(await count('partners', `slug = '${request.slug}'`)).toBe(1);
  });

  it('answers a repeated action as the first time, whatever happened since', async () => {
    const { id } = (await registry.post('/v1/partners', newPartner())).body;
    const key = randomUUID();
    const activate = () => registry.act(`/v1/partners/${id}/activate`, { reason: 'signed' }, withKey(key));
    const first = await activate();
    await registry.act(`/v1/partners/${id}/suspend`, { reason: 'because' });
    expect(await activate()).toMatchObject({ status: 200, body: first.body });
    expect((await registry.call(`/v1/partners/${id}`)).body.status).toBe('suspended');
  });

  it('with another body, another address or another dry run is refused', async () => {
    const [key, request] = [randomUUID(), newPartner()];
    await registry.post('/v1/partners', request, withKey(key));
    const refused = { status: 422, body: { code: 'idempotency_key_reused' } };
    expect(await registry.post('/v1/partners', newPartner(), withKey(key))).toMatchObject(refused);
    expect(await registry.post('/v1/partners?dry_run=false', request, withKey(key))).toMatchObject(refused);
    const server = { audience: 'https://a.example', name: 'A', environment: 'production', scopes: [] };
    expect(await registry.post('/v1/resource-servers', server, withKey(key))).toMatchObject(refused);
  });

  it('does not mind the order of members', async () => {
    const [key, { slug, legal_name }] = [randomUUID(), newPartner()];
    const first = await registry.post('/v1/partners', { slug, legal_name }, withKey(key));
    const again = await registry.post('/v1/partners', { legal_name, slug }, withKey(key));
    expect(again).toMatchObject({ status: 201, body: { id: first.body.id } });
  });

  it('of a refused request is free again', async () => {
    const key = randomUUID();
    const taken = newPartner();
    await registry.post('/v1/partners', taken);
    expect((await registry.post('/v1/partners', taken, withKey(key))).status).toBe(409);
    expect((await registry.post('/v1/partners', newPartner(), withKey(key))).status).toBe(201);
  });

  it('belongs to one principal', async () => {
    const [key, request] = [randomUUID(), newPartner()];
    await registry.post('/v1/partners', request, withKey(key));
    await registry.database.query(`UPDATE registry.idempotency_keys SET principal = 'cli_other' WHERE key = $1`, [key]);
    expect(await registry.post('/v1/partners', request, withKey(key))).toMatchObject({ body: { code: 'slug_taken' } });
  });

  it('runs out after 24 hours, and its row goes when others come', async () => {
    const [key, request] = [randomUUID(), newPartner()];
    const { body } = await registry.post('/v1/partners', request, withKey(key));
    const [row] = await registry.database.query(
      `SELECT round(extract(epoch FROM expires_at - created_at)) = 86400 AS a_day FROM registry.idempotency_keys WHERE key = $1`,
      [key],
    );
    expect(row.a_day).toBe(true);
    await registry.database.query('UPDATE registry.idempotency_keys SET expires_at = now() WHERE key = $1', [key]);
    const again = await registry.post('/v1/partners', { ...request, slug: `${request.slug}-x` }, withKey(key));
    expect(again.status).toBe(201);
    expect(again.body.id).not.toBe(body.id);
    await registry.database.query('UPDATE registry.idempotency_keys SET expires_at = now() WHERE key = $1', [key]);
    await registry.post('/v1/partners', newPartner(), withKey(randomUUID()));
    expect(await count('idempotency_keys', `key = '${key}'`)).toBe(0);
  });

  it('whose first request does not end in time is in flight: 409, to be sent again', async () => {
    const [key, request] = [randomUUID(), newPartner()];
    const other = new pg.Client({ connectionString: registry.database.runtimeUrl });
    await other.connect();
    await other.query('BEGIN');
    await other.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `idempotency cli_${'c'.repeat(32)} ${key}`,
    ]);
    expect(await registry.post('/v1/partners', request, withKey(key))).toMatchObject({
      status: 409,
      body: { code: 'idempotency_key_in_flight' },
    });
    // The process that held it is gone, and with it its lock.
    await other.end();
    expect((await registry.post('/v1/partners', request, withKey(key))).status).toBe(201);
  });

  it.each(['', 'a b', 'x'.repeat(256), 'schl\u00fcssel'])('%j is none', async (key) => {
    expect(await registry.post('/v1/partners', newPartner(), withKey(key))).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ pointer: '/Idempotency-Key' }] },
    });
  });
});

describe('If-Match on an action', () => {
  let id: string;
  const act = (action: string, sent?: TestRequest) =>
    registry.post(`/v1/partners/${id}/${action}`, { reason: 'x' }, sent);

  beforeEach(async () => {
    id = (await registry.post('/v1/partners', newPartner())).body.id;
  });

  it('is not lost on a race by who has to suspend: * is whatever the version', async () => {
    expect((await act('activate', withVersion('*'))).status).toBe(200);
    const edits = ['A', 'B', 'C'].map((legal_name) => registry.patch(`/v1/partners/${id}`, { legal_name }, 2));
    const [suspended, ...edited] = await Promise.all([act('suspend', withVersion('*')), ...edits]);
    expect(suspended.status).toBe(200);
    expect(edited.filter(({ status }) => status === 412).length).toBeGreaterThanOrEqual(2);
  });

  it('is held: of two at once with the same version one is refused and changes nothing', async () => {
    const answers = await Promise.all(['activate', 'activate'].map((action) => act(action, withVersion('"1"'))));
    const codes = answers.map(({ status }) => status).sort();
    expect(codes).toEqual([200, 412]);
    expect(answers.find(({ status }) => status === 412)!.body).toMatchObject({
      code: 'precondition_failed',
      detail: expect.stringContaining('"2"') as unknown,
    });
    expect((await registry.call(`/v1/partners/${id}`)).body.version).toBe(2);
  });

  it.each(['"2"', 'W/"1"', '"abc"', '""', '"2", W/"1"'])('%s does not match version 1', async (tag) => {
    expect((await act('activate', withVersion(tag))).status).toBe(412);
  });

  it.each(['"2", "1"', '"a,b" ,"1"', ' * '])('A32: %s names version 1 among others', async (tags) => {
    expect((await act('activate', withVersion(tags))).status).toBe(200);
  });

  it.each(['1', '"1" "2"', '*, "1"', '**', '"*', '"1'])('%s is refused: which version was seen?', async (tag) => {
    expect(await act('activate', withVersion(tag))).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/If-Match' }] },
    });
  });

  it('is refused where there is nothing to compare', async () => {
    const before = await traces();
    for (const tag of ['"1"', '*']) {
      expect(await registry.post('/v1/partners', newPartner(), withVersion(tag))).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/If-Match' }] },
      });
    }
    expect(await traces()).toEqual(before);
  });
});

describe('If-Match on a PATCH', () => {
  let path: string;
  const patch = (json: object, headers: Record<string, string> = {}) =>
    registry.call(path, {
      method: 'PATCH',
      raw: { type: 'application/merge-patch+json', text: JSON.stringify(json) },
      headers,
    });

  beforeEach(async () => {
    const partner_id = (await registry.post('/v1/partners', newPartner())).body.id;
    const { body } = await registry.post('/v1/clients', { partner_id, client_name: 'Importer' });
    path = `/v1/clients/${body.id}`;
  });

  it('is required: nobody overwrites what they have not seen', async () => {
    const before = (await registry.call(path)).body;
    expect(await patch({ client_name: 'Exporter' })).toMatchObject({
      status: 428,
      body: { code: 'precondition_required' },
    });
    expect((await registry.call(path)).body).toEqual(before);
  });

  it.each(['"1"', '"0", "2", "1"', '*'])(
    'A32: %s names the version that is there (RFC 9110 section 13.1.1)',
    async (tags) => {
      expect(await patch({ client_name: 'Exporter' }, { 'if-match': tags })).toMatchObject({
        status: 200,
        headers: { etag: '"2"' },
      });
    },
  );

  it('A32: with If-None-Match it is done unless that version is there (RFC 9110 section 13.1.2)', async () => {
    const unless = (tags: string) => patch({ client_name: 'Exporter' }, { 'if-match': '*', 'if-none-match': tags });
    for (const tags of ['"1"', '*', 'W/"1", "7"']) expect((await unless(tags)).status, tags).toBe(412);
    expect((await unless('1')).status).toBe(400);
    expect((await unless('"2"')).status).toBe(200);
  });

  it('A32: who knows the version is told 304 and nothing more', async () => {
    const read = (tags: string) => registry.call(path, { headers: { 'if-none-match': tags } });
    expect(await read('"1"')).toMatchObject({ status: 304, headers: { etag: '"1"' } });
    expect(await read('"2"')).toMatchObject({ status: 200, body: { version: 1 } });
  });

  it('of two operators who edit the same client at once the second gets 412, and loses nothing by reading again', async () => {
    const { etag } = (await registry.call(path)).headers as { etag: string };
    const answers = await Promise.all([
      patch({ client_name: 'Exporter' }, { 'if-match': etag }),
      patch({ access_token_ttl: 120 }, { 'if-match': etag }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const loser = answers[0].status === 412 ? { client_name: 'Exporter' } : { access_token_ttl: 120 };
    const current = (await registry.call(path)).headers as { etag: string };
    expect(await patch(loser, { 'if-match': current.etag })).toMatchObject({
      status: 200,
      body: { client_name: 'Exporter', access_token_ttl: 120, version: 3 },
    });
    const { items } = (await registry.call(`/v1/audit-events?target=${path.split('/').at(-1)}`)).body;
    expect(items.map(({ action }: { action: string }) => action)).toEqual([
      'client.registered',
      'client.changed',
      'client.changed',
    ]);
  });
});

describe('a dry run', () => {
  const dry = (answer: TestAnswer) => {
    expect(answer.headers['x-dry-run']).toBe('true');
    expect(answer.headers['etag']).toBeUndefined();
    return answer;
  };

  it('does and checks everything, answers the same, and leaves nothing', async () => {
    const partner_id = (await registry.post('/v1/partners', newPartner())).body.id;
    const { id } = (await registry.post('/v1/clients', { partner_id, client_name: 'Importer' })).body;
    const { certificatePem: pem } = await registry.authority.issueClient({ subject: 'CN=importer' });
    const before = await traces();
    const path = `/v1/clients/${id}/certificates`;
    const tried = dry(await registry.post(`${path}?dry_run=true`, { pem }));
    expect(tried).toMatchObject({ status: 201, body: { status: 'active', client_id: id } });
    expect(await traces()).toEqual(before);
    const real = await registry.post(`${path}?dry_run=false`, { pem });
    expect(real.headers['x-dry-run']).toBeUndefined();
    expect(real.body.thumbprint).toBe(tried.body.thumbprint);
  });

  it('refuses what the real one would refuse', async () => {
    const taken = newPartner();
    await registry.post('/v1/partners', taken);
    expect(await registry.post('/v1/partners?dry_run=true', taken)).toMatchObject({
      status: 409,
      body: { code: 'slug_taken' },
      headers: { 'x-dry-run': 'true' },
    });
  });

  it('uses up no Idempotency-Key', async () => {
    const [key, request] = [randomUUID(), newPartner()];
    expect(dry(await registry.post('/v1/partners?dry_run=true', request, withKey(key))).status).toBe(201);
    expect((await registry.post('/v1/partners', request, withKey(key))).status).toBe(201);
  });

  it('takes no number, and tells nobody', async () => {
    const { id } = (await registry.post('/v1/partners', newPartner())).body;
    await registry.act(`/v1/partners/${id}/activate`, { reason: 'x' });
    const last = () => registry.database.query('SELECT last_seq FROM registry.outbox_counter');
    const revoked = () =>
      registry.database.query('SELECT last_seq FROM token.revocation_counter', [], registry.database.tokenServiceUrl);
    const before = [await last(), await revoked()];
    dry(await registry.act(`/v1/partners/${id}/suspend?dry_run=true`, { reason: 'x' }));
    expect([await last(), await revoked()]).toEqual(before);
  });

  it.each(['1', 'TRUE', ''])('%j is neither true nor false', async (value) => {
    expect(await registry.post(`/v1/partners?dry_run=${value}`, newPartner())).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ pointer: '/dry_run' }] },
    });
  });

  it('is for what changes something: reading refuses it', async () => {
    expect((await registry.call('/v1/resource-servers?dry_run=true')).status).toBe(400);
    expect((await registry.post('/v1/partners?dry_run=true&x=1', newPartner())).status).toBe(400);
  });
});

it('every route that changes something takes dry_run and Idempotency-Key, and what is there needs If-Match', async () => {
  interface Operation {
    parameters: { name: string; required?: boolean }[];
    responses: Record<string, { description: string }>;
  }
  const { paths } = (await registry.call('/docs/openapi.json')).body as {
    paths: Record<string, Record<string, Operation>>;
  };
  const changing = Object.entries(paths)
    .filter(([path]) => !path.endsWith('/validate'))
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })))
    .filter(({ method }) => method !== 'get');
  expect(changing.length).toBeGreaterThan(10);
  for (const { path, method, operation } of changing) {
    const where = `${method} ${path}`;
    const parameter = (name: string) => operation.parameters.find((one) => one.name === name);
    expect(parameter('dry_run'), where).toMatchObject({ required: false });
    expect(parameter('Idempotency-Key'), where).toMatchObject({ required: false });
    const isAddition = method === 'post' && COLLECTION.test(path);
    expect(parameter('If-Match'), where).toMatchObject({ required: !isAddition });
    const { 409: conflict, 412: stale, 422: unprocessable, 428: unseen } = operation.responses;
    expect(conflict?.description, where).toContain('`idempotency_key_in_flight`');
    expect(unprocessable?.description, where).toContain('`idempotency_key_reused`');
    expect(stale?.description, where).toContain('`precondition_failed`');
    if (!isAddition) expect(unseen?.description, where).toContain('`precondition_required`');
  }
});
