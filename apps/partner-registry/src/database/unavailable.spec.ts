import { databaseTroubles } from '@partner-ecosystem/test-postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry, type TestAnswer, type TestRegistry, type TestRequest } from '../registry.testing.js';
import { databaseRoles } from './database-roles.js';

interface Operation {
  readonly parameters?: { readonly name: string; readonly schema?: { readonly examples?: string[] } }[];
  readonly requestBody?: {
    readonly content: Record<string, { readonly examples?: Record<string, { readonly value: unknown }> }>;
  };
}
type Route = readonly [method: string, path: string, request: TestRequest];

const AT_ONCE = 12;

let registry: TestRegistry;
let routes: Route[];
let logged = 0;

beforeAll(async () => {
  registry = await startRegistry();
  const { paths } = (await registry.call('/docs/openapi.json')).body as {
    paths: Record<string, Record<string, Operation>>;
  };
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => routeOf(method.toUpperCase(), path, operation)),
  );
});

afterAll(() => registry?.stop());

/** One request for the route that is well formed, so that it gets as far as the database; of what it names little is there. */
function routeOf(method: string, path: string, { requestBody }: Operation): Route {
  const [type, body] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const [example] = Object.values(body?.examples ?? {});
  const value = example?.value ?? (type?.includes('json') ? {} : 'x');
  const raw = type ? { raw: { type, text: typeof value === 'string' ? value : JSON.stringify(value) } } : {};
  const headers: Record<string, string> =
    path.startsWith('/v1') && method !== 'GET' ? { 'if-match': method === 'POST' ? '*' : '"1"' } : {};
  return [method, idsIn(path), { method: method as 'GET', headers, ...raw }];
}

/** With the operator's own client where a client is asked for: it is there. */
function idsIn(path: string): string {
  const prefixes: Record<string, string> = {
    partners: 'ptn',
    contacts: 'ctc',
    certificates: 'crt',
    'certificate-requests': 'crq',
    'trust-anchors': 'anc',
    grants: 'grt',
    'resource-servers': 'rsv',
    scopes: 'scp',
  };
  return path
    .replace('clients/{id}', `clients/${registry.operatorClientId}`)
    .replace('{client}', registry.operatorClientId)
    .replace('{anchor}', `anc_${'0'.repeat(32)}`)
    .replace(/([a-z-]+)\/\{id\}/, (_, kind: string) => `${kind}/${prefixes[kind] ?? kind}_${'0'.repeat(32)}`);
}

/** A few at a time: each is a connection of its own, with a handshake. */
async function everyRoute(): Promise<TestAnswer[]> {
  const answers: TestAnswer[] = [];
  for (let at = 0; at < routes.length; at += AT_ONCE) {
    const some = routes.slice(at, at + AT_ONCE).map(([, path, request]) => registry.call(path, request));
    answers.push(...(await Promise.all(some)));
  }
  return answers;
}

/** Lines about failed requests since the last look. */
function newFailures(): Record<string, unknown>[] {
  const lines = registry.log.slice(logged).map((line) => JSON.parse(line) as Record<string, unknown>);
  logged = registry.log.length;
  return lines.filter(({ msg }) => msg === 'request failed');
}

function expectUnavailable(answers: readonly TestAnswer[]): void {
  const failures = newFailures();
  expect(failures.filter(({ status }) => status !== 503)).toEqual([]);
  expect(JSON.stringify(failures)).not.toContain('"stack"');
  expect(answers.filter(({ status }) => status === 500)).toEqual([]);
  const refused = answers.filter(({ status }) => status === 503);
  expect(refused.length).toBeGreaterThan(0);
  for (const { headers, body } of refused) {
    expect(body).toMatchObject({
      code: 'unavailable',
      detail: 'The service cannot answer right now. Try again shortly.',
    });
    expect(headers['retry-after']).toBe('5');
    expect(failures.filter(({ request_id }) => request_id === body.request_id)).toHaveLength(1);
  }
}

describe('R12: while the database cannot be used, no route answers 500, and 503 says when to try again', () => {
  const names = databaseTroubles({ adminUrl: '', role: '', schema: '' }).map(({ name }) => name);

  it('every route is asked, and most get as far as the database', async () => {
    const { length } = routes;
    expect(length).toBeGreaterThan(80);
    const answers = await everyRoute();
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect(answers.filter(({ status }) => status === 400 || status === 415).length).toBeLessThan(length / 4);
    newFailures();
  });

  it.each(names)('%s', async (name) => {
    const { schema, appRole: role } = databaseRoles;
    const troubles = databaseTroubles({ adminUrl: registry.database.adminUrl, role, schema });
    const end = await troubles.find((trouble) => trouble.name === name)!.begin();
    const answers: TestAnswer[] = [];
    try {
      for (let round = 0; round < (name.includes('again and again') ? 3 : 1); round += 1)
        answers.push(...(await everyRoute()));
    } finally {
      await end();
    }
    expectUnavailable(answers);
    await expect.poll(async () => (await registry.call('/v1/partners')).status, { timeout: 240_000 }).toBe(200);
  });

  it(
    'it is stopped: the registry is not ready either, and still refuses who has no token',
    { timeout: 240_000 },
    async () => {
      newFailures();
      await registry.database.stop();
      const answers = await everyRoute();
      expectUnavailable(answers);
      for (const answer of answers) expect(JSON.stringify(answer.body)).not.toMatch(/ECONN|127\.0\.0\.1:|postgres:/i);
      expect(await registry.readiness()).toMatchObject({ status: 503, body: { checks: { database: 'failed' } } });
      expect((await registry.call('/v1/partners', { token: null })).status).toBe(401);
    },
  );
});
