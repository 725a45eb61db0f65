import { databaseTroubles } from '@partner-ecosystem/test-postgres';
import type { Issued } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register, type Registration } from '../clients/registered-clients/registrations.fixture.spec.js';
import { call, createStage, serveOn, tokenForm, type Answer, type Served, type Stage } from '../served.fixture.spec.js';
import { startBothSchemas, type BothSchemas } from './both-schemas.fixture.spec.js';
import { databaseRoles } from './database-roles.js';

let schemas: BothSchemas;
let stage: Stage;
let service: Served;
let certificate: Issued;
let client: Registration;

beforeAll(async () => {
  [schemas, stage] = await Promise.all([startBothSchemas(), createStage()]);
  certificate = await stage.authority.issueClient({ subject: 'CN=client' });
  client = await register(schemas.admin, certificate.certificatePem);
  service = await serveOn(stage, schemas.databaseUrl);
});
afterAll(async () => {
  await service?.stop();
  await schemas?.stop();
  await stage?.remove();
});

const to = (listener: string) => ({ port: service.addresses[listener]!.port, ca: stage.authority.certificatePem });

/** Every route; clients that are not in memory have to be read. */
async function everyRoute(): Promise<Answer[]> {
  const unknown = `cli_${Math.random().toString(16).slice(2).padEnd(32, '0').slice(0, 32)}`;
  const { clientId } = client;
  const token = (await call({ ...to('mtls'), as: certificate, body: tokenForm(clientId) })).body['access_token'];
  const about = `client_id=${clientId}&token=${typeof token === 'string' ? token : 'x'}`;
  const open = ['/jwks', '/revocations/jwks', '/.well-known/oauth-authorization-server', '/docs/openapi.json'];
  return Promise.all([
    call({ ...to('mtls'), as: certificate, body: tokenForm(unknown) }),
    call({ ...to('mtls'), as: certificate, body: tokenForm(clientId) }),
    call({ ...to('mtls'), as: certificate, path: '/introspect', body: about }),
    call({ ...to('mtls'), as: certificate, path: '/revoke', body: about }),
    call({ ...to('mtls'), as: certificate, path: '/revocations', method: 'GET' }),
    ...open.map((path) => call({ ...to('tls'), path, method: 'GET' })),
  ]);
}

function expectNoBug(answers: readonly Answer[]): void {
  for (const answer of answers.filter(({ status }) => status >= 500)) {
    expect([answer.status, answer.text]).toEqual([503, expect.stringMatching(/unavailable/)]);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    const lines = service.lines.filter((line) => line['request_id'] === answer.headers['x-request-id']);
    expect(JSON.stringify(lines)).not.toContain('"stack"');
  }
}

describe('R12: while the database cannot be used, no route answers 500, and 503 says when to try again', () => {
  const names = databaseTroubles({ adminUrl: '', role: '', schema: '' }).map(({ name }) => name);

  it.each(names)('%s', async (name) => {
    const { schema, appRole: role } = databaseRoles;
    const troubles = databaseTroubles({ adminUrl: schemas.postgres.adminUrl, role, schema });
    const end = await troubles.find((trouble) => trouble.name === name)!.begin();
    try {
      for (let round = 0; round < 3; round += 1) expectNoBug(await everyRoute());
    } finally {
      await end();
    }
    const known = () => call({ ...to('mtls'), as: certificate, body: tokenForm(client.clientId) });
    await expect.poll(async () => (await known()).status, { timeout: 240_000 }).toBe(200);
  });

  it('it is stopped', async () => {
    await schemas.admin.end();
    await schemas.postgres.stop();
    const answers = await everyRoute();
    expectNoBug(answers);
    expect(answers[0]!.status).toBe(503);
  });
});
