import { databaseTroubles } from '@partner-ecosystem/test-postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIENCE, startResourceApi, type TestAnswer, type TestResourceApi } from '../resource-api.testing.js';
import { databaseRoles } from './database-roles.js';

let api: TestResourceApi;
let send: (method: 'GET' | 'POST', path: string) => Promise<TestAnswer>;
let number = 0;

beforeAll(async () => {
  api = await startResourceApi();
  const certificate = await api.authority.issueClient({ subject: 'CN=caller' });
  const scopes = ['shipments:read', 'shipments:write'];
  const token = await api.issuer.mint({ certificate, scopes, audience: AUDIENCE });
  send = (method, path) => {
    const body = { reference: `REF-${++number}`, origin: 'NLRTM', destination: 'SGSIN', weight_kg: 1_200 };
    return api.call(path, { method, certificate, token, ...(method === 'POST' ? { body } : {}) });
  };
});
afterAll(() => api?.stop());

/** Every route that needs the database. */
const everyRoute = () =>
  Promise.all([
    send('POST', '/v1/shipments'),
    send('GET', '/v1/shipments'),
    send('GET', `/v1/shipments/shp_${'0'.repeat(32)}`),
  ]);

async function expectUnavailable(answers: readonly TestAnswer[]): Promise<void> {
  const refused = answers.filter(({ status }) => status === 503);
  expect(refused.length).toBeGreaterThan(0);
  for (const { headers, body } of refused) {
    expect(headers['retry-after']).toBe('5');
    expect(body).toMatchObject({
      code: 'unavailable',
      detail: 'The service cannot answer right now. Try again shortly.',
    });
    const lines = api.log.filter((line) => line['request_id'] === body.request_id && line['msg'] === 'request failed');
    expect(lines).toEqual([expect.objectContaining({ level: 'error', status: 503, database: expect.any(String) })]);
    expect(JSON.stringify(lines)).not.toContain('"stack"');
  }
  expect(api.log.filter(({ status, msg }) => status === 500 && msg === 'request failed')).toEqual([]);
  expect(answers.filter(({ status }) => status === 500)).toEqual([]);
}

describe('R12: while the database cannot be used, no route answers 500, and 503 says when to try again', () => {
  const names = databaseTroubles({ adminUrl: '', role: '', schema: '' }).map(({ name }) => name);

  it.each(names)('%s', async (name) => {
    const { schema, appRole: role } = databaseRoles;
    const troubles = databaseTroubles({ adminUrl: api.database.adminUrl, role, schema });
    expect((await everyRoute()).map(({ status }) => status)).toEqual([201, 200, 404]);
    const end = await troubles.find((trouble) => trouble.name === name)!.begin();
    const answers: TestAnswer[] = [];
    try {
      // connections that are cut between two statements fail in more than one way
      for (let round = 0; round < (name.includes('again and again') ? 30 : 1); round += 1)
        answers.push(...(await everyRoute()));
    } finally {
      await end();
    }
    await expectUnavailable(answers);
    // nobody has to restart anything; the first connection of the pool may still be one that was cut
    await expect
      .poll(async () => (await everyRoute()).map(({ status }) => status), { timeout: 240_000 })
      .toEqual([201, 200, 404]);
  });

  it('it is stopped', async () => {
    await api.database.stop();
    const answers = await everyRoute();
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    await expectUnavailable(answers);
  });
});
