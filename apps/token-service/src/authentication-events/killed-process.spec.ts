import { spawn, type ChildProcess } from 'node:child_process';
import { Agent } from 'node:https';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Issued } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { register, type Registration } from '../clients/registered-clients/registrations.fixture.spec.js';
import { startBothSchemas, type BothSchemas } from '../database/both-schemas.fixture.spec.js';
import { call, createStage, tokenForm, type Stage } from '../served.fixture.spec.js';
import { AuthenticationEventsPolicy } from './authentication-events-policy.js';

// The built service as a process of its own, under load, ended with SIGKILL. What it had answered is compared with what
// is stored: an event can be lost only if its answer was given within the time of a batch, and of writing it, before.

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const CALLERS = 4;
const { batchMs } = new AuthenticationEventsPolicy();
// Writing a batch, and a machine that is busy with other things.
const SLACK_MS = 500;

let schemas: BothSchemas;
let stage: Stage;
let owner: Issued;
let client: Registration;
let service: ChildProcess | undefined;

beforeAll(async () => {
  [schemas, stage] = await Promise.all([startBothSchemas(), createStage()]);
  owner = await stage.authority.issueClient({ subject: 'CN=client' });
  client = await register(schemas.admin, owner.certificatePem);
}, 60_000);
afterAll(async () => {
  service?.kill('SIGKILL');
  await schemas?.stop();
  await stage?.remove();
});

async function startProcess(): Promise<number> {
  const rates = { CLIENT_RATE_PER_SECOND: '100000', CLIENT_RATE_BURST: '100000' };
  const env = { ...stage.variables, ...rates, DATABASE_URL: schemas.databaseUrl, NODE_ENV: 'production' };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  service = child;
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)));
    lines.on('line', (line) => {
      const { msg, addresses } = JSON.parse(line) as { msg?: string; addresses?: Record<string, { port: number }> };
      if (msg === 'serving') resolve(addresses!['mtls']!.port);
    });
  });
}

it('kill -9 loses at most the last batch of events', async () => {
  const port = await startProcess();
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  const answered: { requestId: string; at: number }[] = [];
  let killedAt = Number.POSITIVE_INFINITY;
  const load = Array.from({ length: CALLERS }, async () => {
    while (killedAt === Number.POSITIVE_INFINITY) {
      const answer = await call({
        port,
        agent,
        ca: stage.authority.certificatePem,
        as: owner,
        body: tokenForm(client.clientId),
      }).catch(() => undefined);
      if (answer?.status === 200)
        answered.push({ requestId: String(answer.headers['x-request-id']), at: performance.now() });
    }
  });
  // Not at a moment the batches have any relation to.
  await sleep(1_500 + Math.random() * batchMs);
  service!.kill('SIGKILL');
  killedAt = performance.now();
  await Promise.all(load);
  agent.destroy();

  const { rows } = await schemas.admin.query<{ request_id: string }>(
    'SELECT request_id FROM token.authentication_event',
  );
  const stored = new Set(rows.map(({ request_id }) => request_id));
  const lost = answered.filter(({ requestId }) => !stored.has(requestId));
  const oldest = Math.max(0, ...lost.map(({ at }) => killedAt - at));
  expect(answered.length).toBeGreaterThan(100);
  expect(stored.size).toBeGreaterThan(50);
  expect(oldest).toBeLessThan(batchMs + SLACK_MS);
}, 30_000);
