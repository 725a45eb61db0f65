import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry, type TestAnswer, type TestRegistry } from '../registry.testing.js';

let registry: TestRegistry;
let other: pg.Client;
let number = 0;

beforeAll(async () => {
  registry = await startRegistry();
  other = new pg.Client({ connectionString: registry.database.runtimeUrl });
  await other.connect();
});

afterAll(async () => {
  await other?.end();
  await registry?.stop();
});

const newPartner = () => ({ slug: `waiting-${++number}`, legal_name: 'Acme' });
const statuses = (answers: readonly TestAnswer[]) => [...new Set(answers.map(({ status }) => status))];

/** Somebody else's request: read and change, both of which need a connection. */
async function expectBystandersServed(): Promise<void> {
  const answers = await Promise.all([
    registry.call('/v1/partners'),
    registry.call('/v1/clients'),
    registry.post('/v1/partners', newPartner()),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 201]);
}

describe('A36: who waits for another request holds no connection', () => {
  it('forty repeats of a request in flight elsewhere: each is told so, and bystanders are served meanwhile', async () => {
    const [key, partner] = [randomUUID(), newPartner()];
    const send = () => registry.post('/v1/partners', partner, { headers: { 'idempotency-key': key } });
    await other.query('BEGIN');
    const name = `idempotency cli_${'c'.repeat(32)} ${key}`; // of the client in the specs' tokens
    await other.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
    const repeats = Promise.all(Array.from({ length: 40 }, send));
    await expectBystandersServed();
    const answers = await repeats;
    expect(statuses(answers)).toEqual([409]);
    for (const { body, headers } of answers) {
      expect(body.code).toBe('idempotency_key_in_flight');
      expect(headers['retry-after']).toBe('1');
    }
    await other.query('COMMIT');
    const first = await send();
    expect(first.status).toBe(201);
    const sendUntilDone = async (): Promise<TestAnswer> => {
      const answer = await send();
      return answer.status === 409 ? sendUntilDone() : answer;
    };
    const again = await Promise.all(Array.from({ length: 20 }, sendUntilDone));
    expect(again.map(({ body }) => body)).toEqual(Array(20).fill(first.body));
    expect(again.every(({ headers }) => headers['idempotency-replayed'] === 'true')).toBe(true);
  });

  it('thirty changes of one thing that is locked elsewhere: 503 with Retry-After, and bystanders are served meanwhile', async () => {
    const { id } = (await registry.post('/v1/partners', newPartner())).body;
    await other.query('BEGIN');
    await other.query('SELECT 1 FROM registry.partners WHERE id = $1 FOR UPDATE', [id.slice(4)]);
    const change = () => registry.act(`/v1/partners/${id}/activate`, { reason: 'signed' });
    const changes = Promise.all(Array.from({ length: 30 }, change));
    await expectBystandersServed();
    const answers = await changes;
    expect(statuses(answers)).toEqual([503]);
    for (const { body, headers } of answers) {
      expect(body).toMatchObject({ code: 'unavailable', detail: expect.not.stringContaining('database') as string });
      expect(headers['retry-after']).toBe('5');
    }
    await other.query('COMMIT');
    expect((await change()).status).toBe(200);
  });

  it('a lock that ends in time delays the change, and is no error', async () => {
    const { id } = (await registry.post('/v1/partners', newPartner())).body;
    const waits = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'partner_registry_app'`;
    const changeWhileLocked = async () => {
      await other.query('BEGIN');
      await other.query('SELECT 1 FROM registry.partners WHERE id = $1 FOR UPDATE', [id.slice(4)]);
      const changed = registry.act(`/v1/partners/${id}/activate`, { reason: 'signed' });
      // Five seconds are in time. On a busy machine they may be over before it was seen to wait: once more then.
      const isSeen = async () => (await other.query(waits)).rows.length === 1;
      let answer: TestAnswer | undefined;
      void changed.then((it) => (answer = it));
      while (answer === undefined && !(await isSeen())) continue;
      await other.query('COMMIT');
      return changed;
    };
    await expect.poll(async () => (await changeWhileLocked()).status, { timeout: 240_000 }).toBe(200);
  });
});
