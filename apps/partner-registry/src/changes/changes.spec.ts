import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dataSourceOptions } from '../database/data-source.js';
import { SHIPMENTS, startRegistry, type TestRegistry } from '../registry.testing.js';
import { CHANGES_CHANNEL, Outbox } from './outbox.js';

interface Change {
  seq: number;
  type: string;
  data: { id: string };
}

let registry: TestRegistry;
let number = 0;

beforeAll(async () => {
  registry = await startRegistry({ scheduledWork: false }); // nothing happens here but what is done
});

afterAll(() => registry?.stop());

const createPartner = (sent = {}) =>
  registry.post('/v1/partners', { slug: `partner-${++number}`, legal_name: 'Acme' }, sent);
const changes = async (after: number): Promise<{ items: Change[]; next_after: number }> =>
  (await registry.call(`/v1/changes?after=${after}&limit=200`)).body;
const last = async (): Promise<number> =>
  Number((await registry.database.query('SELECT last_seq FROM registry.outbox_counter'))[0].last_seq);

describe('/v1/changes', () => {
  it('shows what happened after a number, with the object as it was then', async () => {
    const before = await last();
    const created = (await createPartner()).body;
    const active = (await registry.act(`/v1/partners/${created.id}/activate`, { reason: 'x' })).body;
    expect(await changes(before)).toEqual({
      items: [
        { seq: before + 1, type: 'partner.created', data: created, created_at: expect.any(String) as unknown },
        { seq: before + 2, type: 'partner.activated', data: active, created_at: expect.any(String) as unknown },
      ],
      next_after: before + 2,
    });
    expect(await changes(before + 2)).toEqual({ items: [], next_after: before + 2 });
  });

  it('in bounded pieces, from the first change on', async () => {
    const first = (await registry.call('/v1/changes?limit=1')).body;
    expect(first).toMatchObject({ items: [{ seq: 1 }], next_after: 1 });
  });

  it.each(['after=-1', 'after=x', 'after=1.5', `after=${'9'.repeat(20)}`, 'limit=0', 'cursor=x'])(
    'refuses %s',
    async (query) => expect((await registry.call(`/v1/changes?${query}`)).status).toBe(400),
  );
});

describe('the numbers of changes', () => {
  /** What a poller sees that asks again and again from the last number it saw. */
  async function* polled(after: number, until: () => boolean): AsyncGenerator<Change> {
    let seen = after;
    for (let wasLast = false; ;) {
      const stop: boolean = wasLast;
      wasLast = until();
      const { items, next_after } = await changes(seen);
      yield* items;
      seen = next_after;
      if (stop && items.length === 0) return;
      await sleep(5); // a pace, no limit
    }
  }

  it('two overlapping transactions and a rolled back one lose and invent nothing', async () => {
    const before = await last();
    let done = false;
    const seen: Change[] = [];
    const poller = (async () => {
      for await (const change of polled(before, () => done)) seen.push(change);
    })();
    const database = await new DataSource(dataSourceOptions(registry.database.runtimeUrl)).initialize();
    const [first, rolledBack] = [database.createQueryRunner(), database.createQueryRunner()];
    const outbox = new Outbox();
    // The first takes its number and stays open; the registry's own mutation has to wait behind it, and so has one
    // that is rolled back in the end.
    await first.startTransaction();
    await outbox.append(first.manager, [{ type: 'test.first', data: {} }]);
    const second = createPartner();
    await rolledBack.startTransaction();
    const third = outbox.append(rolledBack.manager, [{ type: 'test.rolled_back', data: {} }]);
    const waiting = `SELECT count(*)::int FROM pg_stat_activity WHERE wait_event_type = 'Lock'`;
    await vi.waitFor(
      async () =>
        expect(await registry.database.query(waiting, [], registry.database.adminUrl)).toEqual([{ count: 2 }]),
      { timeout: 240_000 },
    );
    expect(await changes(before)).toEqual({ items: [], next_after: before });
    await first.commitTransaction();
    await third;
    await rolledBack.rollbackTransaction();
    expect((await second).status).toBe(201);
    const refused = await registry.post('/v1/partners', { slug: 'partner-1', legal_name: 'Acme' });
    expect([refused.status, (await createPartner()).status]).toEqual([409, 201]);
    done = true;
    await poller;
    await Promise.all([first.release(), rolledBack.release()]);
    await database.destroy();
    expect(seen.map(({ seq }) => seq)).toEqual([before + 1, before + 2, before + 3]);
    expect(seen.map(({ type }) => type)).toEqual(['test.first', 'partner.created', 'partner.created']);
    expect(await last()).toBe(before + 3);
  });

  it('have no gap and no repetition for a poller, whatever forty writers on two replicas do', async () => {
    const before = await last();
    const replica = await registry.startReplica();
    let done = false;
    const seen: Change[] = [];
    const poller = (async () => {
      for await (const change of polled(before, () => done)) seen.push(change);
    })();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => {
        const json = { slug: at % 8 === 7 ? 'partner-1' : `writer-${at}`, legal_name: 'Acme' };
        return (at % 2 ? replica : registry.call)('/v1/partners', { method: 'POST', json });
      }),
    );
    done = true;
    await poller;
    const made = answers.filter(({ status }) => status === 201).map(({ body }) => body.id as string);
    expect(made).toHaveLength(35);
    expect(seen.map(({ seq }) => seq)).toEqual(made.map((_, at) => before + 1 + at));
    expect(seen.map(({ data }) => data.id).sort()).toEqual(made.sort());
  });

  it('are hinted at by a notification when they are committed, and only then', async () => {
    const heard: string[] = [];
    const listener = new pg.Client({ connectionString: registry.database.tokenServiceUrl });
    await listener.connect();
    listener.on('notification', ({ channel, payload }) => heard.push(`${channel} ${payload}`));
    await listener.query(`LISTEN ${CHANGES_CHANNEL}`);
    await registry.post('/v1/partners?dry_run=true', { slug: 'dry', legal_name: 'Acme' });
    await createPartner();
    const expected = [`${CHANGES_CHANNEL} ${await last()}`];
    await vi.waitFor(() => expect(heard).toHaveLength(1), { timeout: 240_000 });
    await listener.end();
    expect(heard).toEqual(expected);
  });
});

// The contract with the token service. A change here is a change of both apps: only ever add.
describe('registry.registered_client_change, as the token service reads it', () => {
  const asReader = (sql: string, values: unknown[] = []) =>
    registry.database.query(sql, values, registry.database.tokenServiceUrl);
  const clientsAfter = async (seq: number): Promise<string[]> =>
    (await asReader('SELECT client_id FROM registry.registered_client_change WHERE seq > $1 ORDER BY seq', [seq])).map(
      ({ client_id }) => client_id as string,
    );

  it('has exactly these columns, of these types', async () => {
    const rows = await registry.database.query(
      `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
        WHERE attrelid = 'registry.registered_client_change'::regclass AND attnum > 0 ORDER BY attnum`,
      [],
      registry.database.adminUrl,
    );
    expect(Object.fromEntries(rows.map(({ name, type }) => [name, type]))).toEqual({
      seq: 'bigint',
      client_id: 'text',
    });
  });

  it('names the client of every change that the published row of a client shows', async () => {
    const partner_id = (await createPartner()).body.id;
    const client = (await registry.post('/v1/clients', { partner_id, client_name: 'A', environment: 'production' }))
      .body.id;
    const { certificatePem: pem } = await registry.authority.issueClient({ subject: 'CN=a' });
    let certificate = '';
    const steps: [string, () => Promise<{ status: number; body: { id: string } }>][] = [
      ['upload', () => registry.post(`/v1/clients/${client}/certificates`, { pem })],
      [
        'grant',
        () => registry.post(`/v1/clients/${client}/scopes`, { audience: SHIPMENTS, scopes: ['shipments:read'] }),
      ],
      ['activate', () => registry.act(`/v1/clients/${client}/activate`, { reason: 'x' })],
      ['suspend', () => registry.act(`/v1/clients/${client}/suspend`, { reason: 'x' })],
      ['reinstate', () => registry.act(`/v1/clients/${client}/reinstate`, { reason: 'x' })],
      ['revoke', () => registry.act(`/v1/certificates/${certificate}/revoke`, { reason: 'superseded' })],
    ];
    for (const [name, step] of steps) {
      const before = await last();
      const answer = await step();
      if (name === 'upload') certificate = answer.body.id;
      expect([200, 201], name).toContain(answer.status);
      // the first grant changes the client too
      expect([...new Set(await clientsAfter(before))], name).toEqual([client]);
    }
  });

  it('names every client of a partner whose status changed', async () => {
    const partner_id = (await createPartner()).body.id;
    const clients = await Promise.all(
      ['A', 'B', 'C'].map(
        async (client_name) => (await registry.post('/v1/clients', { partner_id, client_name })).body.id,
      ),
    );
    for (const action of ['activate', 'suspend', 'reinstate']) {
      const before = await last();
      await registry.act(`/v1/partners/${partner_id}/${action}`, { reason: 'x' });
      expect((await clientsAfter(before)).sort(), action).toEqual(clients.sort());
    }
  });

  it('does not leave out a client that comes while its partner is being suspended', async () => {
    const partner_id = (await createPartner()).body.id;
    await registry.act(`/v1/partners/${partner_id}/activate`, { reason: 'x' });
    const before = await last();
    const [suspended, client] = await Promise.all([
      registry.act(`/v1/partners/${partner_id}/suspend`, { reason: 'x' }),
      registry.post('/v1/clients', { partner_id, client_name: 'Late' }),
    ]);
    expect(suspended.status).toBe(200);
    const { items } = await changes(before);
    const order = items.map(({ type }) => type);
    const named = (await clientsAfter(before)).filter((id) => id === client.body.id).length;
    // Registered first, it is named twice; registered after the suspension, it is read as it is then.
    expect(named).toBe(order.indexOf('client.registered') < order.indexOf('partner.suspended') ? 2 : 1);
  });

  it('is found from a number on through the index, and shows nothing else of the outbox', async () => {
    const url = new URL(registry.database.adminUrl);
    url.searchParams.set('options', '-c enable_seqscan=off');
    const sql =
      'EXPLAIN (FORMAT JSON) SELECT * FROM registry.registered_client_change WHERE seq > 5 ORDER BY seq LIMIT 500';
    expect(JSON.stringify(await registry.database.query(sql, [], url.href))).toContain('outbox_events_pkey');
    for (const table of ['outbox_events', 'outbox_counter', 'audit_events', 'audit_head', 'idempotency_keys']) {
      await expect(asReader(`SELECT 1 FROM registry.${table}`), table).rejects.toMatchObject({ code: '42501' });
    }
  });
});
