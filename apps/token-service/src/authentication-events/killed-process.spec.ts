import { spawn, type ChildProcess } from 'node:child_process';
import { Agent } from 'node:https';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Issued } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { register, type Registration } from '../clients/registered-clients/registrations.fixture.spec.js';
import { startBothSchemas, type BothSchemas } from '../database/both-schemas.fixture.spec.js';
import { call, createStage, tokenForm, type Stage } from '../served.fixture.spec.js';

// The built service as a process of its own, under load, ended with SIGKILL. What it had answered is compared with what
// is stored: an event can be lost only if it is newer than every event that is stored. How long a batch waits is the
// business of event-writer.spec.ts.

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const CALLERS = 4;
const LEAST_BATCHES = 3;
const LEAST_ANSWERS = 100;
const SOON = { timeout: 240_000, interval: 5 };

let schemas: BothSchemas;
let stage: Stage;
let owner: Issued;
let client: Registration;
let service: ChildProcess | undefined;

beforeAll(async () => {
  [schemas, stage] = await Promise.all([startBothSchemas(), createStage()]);
  owner = await stage.authority.issueClient({ subject: 'CN=client' });
  client = await register(schemas.admin, owner.certificatePem);
});
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

/** Each batch is one transaction. */
async function batchesStored(): Promise<number> {
  const sql = 'SELECT count(DISTINCT xmin::text)::int AS batches FROM token.authentication_event';
  return (await schemas.admin.query<{ batches: number }>(sql)).rows[0]!.batches;
}

it('kill -9 loses at most the last batch of events', async () => {
  const port = await startProcess();
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  const answered: { requestId: string; at: number }[] = [];
  let killed = false;
  const load = Array.from({ length: CALLERS }, async () => {
    while (!killed) {
      const answer = await call({
        port,
        agent,
        ca: stage.authority.certificatePem,
        as: owner,
        body: tokenForm(client.clientId),
      }).catch(() => undefined);
      if (answer?.status === 200) answered.push({ requestId: String(answer.headers['x-request-id']), at: Date.now() });
    }
  });
  // Not at a moment the batches have any relation to.
  await vi.waitFor(async () => expect(await batchesStored()).toBeGreaterThanOrEqual(LEAST_BATCHES), SOON);
  const enough = Math.max(LEAST_ANSWERS, answered.length) + Math.floor(Math.random() * 100);
  await vi.waitFor(() => expect(answered.length).toBeGreaterThanOrEqual(enough), SOON);
  service!.kill('SIGKILL');
  killed = true;
  await Promise.all(load);
  agent.destroy();

  const { rows } = await schemas.admin.query<{ request_id: string; occurred_at: Date }>(
    'SELECT request_id, occurred_at FROM token.authentication_event',
  );
  const stored = new Set(rows.map(({ request_id }) => request_id));
  const lost = answered.filter(({ requestId }) => !stored.has(requestId));
  const newestStored = Math.max(...rows.map(({ occurred_at }) => occurred_at.getTime()));
  expect(lost.filter(({ at }) => at < newestStored)).toEqual([]);
});
