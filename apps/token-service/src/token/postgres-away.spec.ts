import type { Issued } from '@partner-ecosystem/test-pki';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import {
  change,
  register,
  suspend,
  type Registration,
} from '../clients/registered-clients/registrations.fixture.spec.js';
import { startBothSchemas, type BothSchemas } from '../database/both-schemas.fixture.spec.js';
import { Gate } from '../database/gate.fixture.spec.js';
import {
  call,
  createStage,
  management,
  patientClients,
  serveOn,
  tokenForm,
  type Served,
  type Stage,
} from '../served.fixture.spec.js';

// That the bound is kept to the millisecond is client-cache.spec.ts.
const MAX_AGE_MS = 120_000;

let schemas: BothSchemas;
let stage: Stage;
let gate: Gate;
let certificate: Issued;
let known: Registration;
let other: Registration;
let otherCertificate: Issued;
let service: Served;

beforeAll(async () => {
  [schemas, stage] = await Promise.all([startBothSchemas(), createStage()]);
  certificate = await stage.authority.issueClient({ subject: 'CN=client' });
  known = await register(schemas.admin, certificate.certificatePem);
  otherCertificate = await stage.authority.issueClient({ subject: 'CN=client' });
  other = await register(schemas.admin, otherCertificate.certificatePem);
  gate = new Gate(schemas.postgres.adminUrl);
  await gate.open();
  service = await serveOn(stage, gate.urlOf(schemas.databaseUrl), {
    registeredClients: patientClients({ maxAgeMs: MAX_AGE_MS }),
  });
});
afterAll(async () => {
  await service?.stop();
  await gate?.close();
  await schemas?.stop();
  await stage?.remove();
});

afterEach(() => vi.useRealTimers());

const at = () => ({ port: service.addresses['mtls']!.port, ca: stage.authority.certificatePem });
const askAs = async (as: Issued, { clientId }: Registration) => {
  const { status, headers } = await call({ ...at(), as, body: tokenForm(clientId) });
  return { status, requestId: String(headers['x-request-id']), retryAfter: headers['retry-after'] };
};
const ready = async () => (await management(service, '/readyz')).status;

it('Postgres stops under load: known clients are served up to the bound, then nobody; afterwards all is as before, and every token given is on record', async () => {
  const granted: string[] = [];
  expect((await askAs(certificate, known)).status).toBe(200);
  await schemas.admin.query('TRUNCATE token.authentication_event');
  await gate.close();
  expect(await askAs(otherCertificate, other)).toMatchObject({ status: 503, retryAfter: '2' });
  expect(await ready()).toBe(200); // else the balancer would take every replica away

  for (let i = 0; i < 25; i += 1) {
    const answer = await askAs(certificate, known);
    expect(answer.status).toBe(200);
    granted.push(answer.requestId);
  }
  // An age is the larger of what two clocks say, so it is enough to set this one.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + MAX_AGE_MS + 1 });
  for (let i = 0; i < 2; i += 1)
    expect(await askAs(certificate, known)).toMatchObject({ status: 503, retryAfter: '2' });
  expect(await ready()).toBe(503);
  vi.useRealTimers();

  await change(schemas.admin, [other], suspend(other));
  await gate.open();
  await vi.waitFor(async () => expect((await askAs(certificate, known)).status).toBe(200), { timeout: 240_000 });
  // The outage is remembered for a moment longer by what reads a client that is not kept.
  await vi.waitFor(async () => expect((await askAs(otherCertificate, other)).status).toBe(401), { timeout: 240_000 });
  await vi.waitFor(async () => expect(await ready()).toBe(200), { timeout: 240_000 });
  await vi.waitFor(
    async () => {
      const { rows } = await schemas.admin.query<{ request_id: string }>(
        'SELECT request_id FROM token.authentication_event',
      );
      const stored = new Set(rows.map(({ request_id }) => request_id));
      expect(granted.filter((id) => !stored.has(id))).toEqual([]);
    },
    { timeout: 240_000 },
  );
});
