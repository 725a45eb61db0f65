import { decodeJwt } from 'jose';
import type { Issued } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  change,
  register,
  suspend,
  type Registration,
} from '../clients/registered-clients/registrations.fixture.spec.js';
import { startBothSchemas, type BothSchemas } from '../database/both-schemas.fixture.spec.js';
import { Gate } from '../database/gate.fixture.spec.js';
import { call, createStage, patientFeed, serveOn, tokenForm, type Served, type Stage } from '../served.fixture.spec.js';

// Never again: what this replica learns after its first look it learns because it asked.
const POLL_MS = 3_600_000;

let schemas: BothSchemas;
let stage: Stage;
let gate: Gate;
let certificate: Issued;
let client: Registration;
let service: Served;

beforeAll(async () => {
  [schemas, stage] = await Promise.all([startBothSchemas(), createStage()]);
  certificate = await stage.authority.issueClient({ subject: 'CN=client' });
  client = await register(schemas.admin, certificate.certificatePem);
  gate = new Gate(schemas.postgres.adminUrl);
  await gate.open();
  service = await serveOn(stage, gate.urlOf(schemas.databaseUrl), {
    revocationFeed: patientFeed({ pollMs: POLL_MS, heartbeatMs: 3_600_000 }),
  });
});

afterAll(async () => {
  await service?.stop();
  await gate?.close();
  await schemas?.stop();
  await stage?.remove();
});

const ask = () =>
  call({
    port: service.addresses['mtls']!.port,
    ca: stage.authority.certificatePem,
    as: certificate,
    body: tokenForm(client.clientId),
  });

async function untilStatus(status: number) {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (answer.status === status || performance.now() > deadline) return answer;
  }
}

const record = (mode: string) =>
  `SELECT token.record_revocation('client', '{"client_id": "${client.clientId}"}', '${mode}', 'spec')`;

it('R2: a client that is reinstated gets a token that no API takes for an old one, though nobody told this replica of the cutoff', async () => {
  expect((await ask()).status).toBe(200);
  expect(gate.silence('LISTEN revocations')).toBe(1);
  await change(schemas.admin, [client], `${suspend(client)}; ${record('off')}`);
  expect((await untilStatus(401)).status).toBe(401);
  const reinstate = `UPDATE registry.clients SET status = 'active' WHERE id = '${client.id}'; ${record('on')}`;
  await change(schemas.admin, [client], reinstate);
  const answer = await untilStatus(200);
  expect(answer.status).toBe(200);
  const { rows } = await schemas.admin.query<{ cutoff: number }>(
    `SELECT extract(epoch FROM issued_before)::float8 AS cutoff FROM token.revocation WHERE kind = 'client'`,
  );
  expect(decodeJwt(String(answer.body['access_token'])).iat).toBeGreaterThan(rows[0]!.cutoff);
});
