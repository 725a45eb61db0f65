import { setImmediate as turn } from 'node:timers/promises';
import { createLogger } from '@partner-ecosystem/platform/logging';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startBothSchemas, type BothSchemas } from '../../database/both-schemas.fixture.spec.js';
import { dataSourceOptions } from '../../database/data-source.js';
import { Gate } from '../../database/gate.fixture.spec.js';
import { FollowRegisteredClients } from './follow-registered-clients.js';
import { RegisteredClientsPolicy } from './registered-clients-policy.js';
import { RegisteredClientsRepository } from './registered-clients.repository.js';
import { RegisteredClients } from './registered-clients.js';
import { change, register, suspend, type Registration } from './registrations.fixture.spec.js';

// Two replicas, each with its own way to one real Postgres, on the registry's own view of changes.

const NEVER_MS = 3_600_000;
const SOON = { timeout: 240_000, interval: 5 };
const hints = `application_name = 'token-service hints'`;
const polls = `application_name = 'token-service changes'`;
const policy = new RegisteredClientsPolicy({ heartbeatMs: 500, maxAgeMs: 120_000, loadMs: 60_000, bound: 50 });
/** After its first look such a replica looks only when it has heard a hint, or may have missed one. */
const byHints = new RegisteredClientsPolicy({ ...policy, pollMs: NEVER_MS, maxAgeMs: NEVER_MS });

interface Replica {
  gate: Gate;
  clients: RegisteredClients;
  loads: string[];
  lines: string[];
  stop(): Promise<void>;
}

let schemas: BothSchemas;
let replicas: Replica[];

beforeAll(async () => {
  schemas = await startBothSchemas();
});
afterAll(() => schemas?.stop());

beforeEach(() => startReplicas(policy));
afterEach(stopReplicas);

async function startReplicas(given: RegisteredClientsPolicy): Promise<void> {
  replicas = await Promise.all([startReplica(given), startReplica(given)]);
  await vi.waitFor(() => expect(replicas.every(({ clients }) => clients.cache.isBelieved)).toBe(true), SOON);
  await vi.waitFor(async () => expect(await backends(hints)).toHaveLength(2), SOON);
}

async function stopReplicas(): Promise<void> {
  vi.useRealTimers();
  await Promise.all(replicas.map((replica) => replica.stop()));
}

async function startReplica(policy: RegisteredClientsPolicy): Promise<Replica> {
  const gate = new Gate(schemas.postgres.adminUrl);
  await gate.open();
  const url = gate.urlOf(schemas.databaseUrl);
  const database = await new DataSource(dataSourceOptions(url)).initialize();
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const repository = new RegisteredClientsRepository(database);
  const loads: string[] = [];
  const findByClientId = repository.findByClientId.bind(repository);
  repository.findByClientId = (clientId) => {
    loads.push(clientId);
    return findByClientId(clientId);
  };
  const clients = new RegisteredClients(repository, policy);
  const logger = createLogger({ name: 'spec', version: '1', level: 'info', destination });
  const follow = new FollowRegisteredClients(clients, policy, url, logger);
  follow.onModuleInit();
  const stop = async () => {
    await follow.onModuleDestroy();
    await database.destroy();
    await gate.close();
  };
  return { gate, clients, loads, lines, stop };
}

async function backends(which: string): Promise<number[]> {
  const sql = `SELECT pid FROM pg_stat_activity WHERE ${which}`;
  return (await schemas.admin.query<{ pid: number }>(sql)).rows.map(({ pid }) => pid);
}

const statusAt = async ({ clients }: Replica, { clientId }: Registration) =>
  (await clients.findByClientId(clientId))?.clientStatus;
const statuses = (client: Registration) => Promise.all(replicas.map((replica) => statusAt(replica, client)));

/** Both replicas know the client from memory; then it is suspended, and both feel it. How soon is a drill's business. */
async function expectFelt(client: Registration, options?: { hint: boolean }): Promise<void> {
  expect(await statuses(client)).toEqual(['active', 'active']);
  await change(schemas.admin, [client], suspend(client), options);
  await vi.waitFor(async () => expect(await statuses(client)).toEqual(['suspended', 'suspended']), SOON);
}

describe('a change in the registry is felt by two replicas that only listen', () => {
  beforeEach(async () => {
    await stopReplicas();
    await vi.waitFor(async () => expect(await backends(hints)).toHaveLength(0), SOON);
    await startReplicas(byHints);
  });

  it('by the hint', async () => {
    await expectFelt(await register(schemas.admin));
  });

  it('when the server ended the connections that hear hints, and they come back', async () => {
    const client = await register(schemas.admin);
    const before = await backends(hints);
    await schemas.admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${hints}`);
    await expectFelt(client);
    await vi.waitFor(async () => expect(await backends(hints)).toHaveLength(2), SOON);
    expect((await backends(hints)).filter((pid) => before.includes(pid))).toEqual([]);
    await expectFelt(await register(schemas.admin));
  });

  it('when those connections fell silent, and the heartbeat replaces them', async () => {
    const client = await register(schemas.admin);
    const before = await backends(hints);
    for (const { gate } of replicas) expect(gate.silence('LISTEN registry_changes')).toBe(1);
    await expectFelt(client);
    const replaced = async () => (await backends(hints)).filter((pid) => !before.includes(pid));
    await vi.waitFor(async () => expect(await replaced()).toHaveLength(2), SOON);
    await expectFelt(await register(schemas.admin));
  });
});

describe('a change in the registry is felt by two replicas', () => {
  it('without any hint', async () => {
    await expectFelt(await register(schemas.admin), { hint: false });
  });

  it('when the server ended the poll, which goes on where it was: nothing is forgotten, nothing missed', async () => {
    const [client, other] = [await register(schemas.admin), await register(schemas.admin)];
    expect([...(await statuses(client)), ...(await statuses(other))]).toEqual(Array(4).fill('active'));
    const before = replicas.map(({ loads }) => loads.length);
    await schemas.admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${polls}`);
    await expectFelt(client, { hint: false });
    await vi.waitFor(() => expect(replicas[0]!.lines.join('')).toContain('are followed again'), SOON);
    expect(await statuses(other)).toEqual(['active', 'active']);
    expect(replicas.map(({ loads }, at) => loads.slice(before[at]))).toEqual([[client.clientId], [client.clientId]]);
  });

  it('when the poll fell silent, and its patience has ended', async () => {
    const client = await register(schemas.admin);
    expect(await statuses(client)).toEqual(['active', 'active']);
    for (const { gate } of replicas) expect(gate.silence('registered_client_change')).toBe(1);
    await expectFelt(client);
  });

  it('however many changes come at once', async () => {
    const many: Registration[] = [];
    while (many.length < 3) many.push(await register(schemas.admin));
    for (const client of many) expect(await statuses(client)).toEqual(['active', 'active']);
    const others = Array.from({ length: 6_000 }, () => ({ id: crypto.randomUUID() }));
    await change(schemas.admin, [...others, ...many], many.map(suspend).join(';'));
    for (const client of many) {
      await vi.waitFor(async () => expect(await statuses(client)).toEqual(['suspended', 'suspended']), SOON);
    }
  });
});

describe('another history', () => {
  // What a restored database looks like: the same numbers will be given again, for other changes.
  it('numbers that go back make everything remembered worthless', async () => {
    const client = await register(schemas.admin);
    for (let i = 0; i < 3; i += 1) await change(schemas.admin, [client], undefined);
    await vi.waitFor(async () => expect(await statuses(client)).toEqual(['active', 'active']), SOON);
    await schemas.admin.query('BEGIN');
    await schemas.admin.query(suspend(client));
    await schemas.admin.query('DELETE FROM registry.outbox_events WHERE seq > 1');
    await schemas.admin.query('UPDATE registry.outbox_counter SET last_seq = 1');
    await schemas.admin.query('COMMIT');
    await vi.waitFor(async () => expect(await statuses(client)).toEqual(['suspended', 'suspended']), SOON);
  });

  it('a view that was made anew, as by a restore, too, however high its numbers are', async () => {
    const client = await register(schemas.admin);
    await change(schemas.admin, [client], undefined);
    await vi.waitFor(async () => expect(await statuses(client)).toEqual(['active', 'active']), SOON);
    for (const { gate } of replicas) await gate.close();
    const { rows } = await schemas.admin.query<{ sql: string }>(
      `SELECT pg_get_viewdef('registry.registered_client_change'::regclass) AS sql`,
    );
    await schemas.admin.query('DROP VIEW registry.registered_client_change');
    await schemas.admin.query(`CREATE VIEW registry.registered_client_change AS ${rows[0]!.sql}`);
    await schemas.admin.query('ALTER VIEW registry.registered_client_change OWNER TO partner_registry_owner');
    await schemas.admin.query('GRANT SELECT ON registry.registered_client_change TO token_service_app');
    await schemas.admin.query(suspend(client));
    for (const { gate } of replicas) await gate.open();
    await vi.waitFor(async () => expect(await statuses(client)).toEqual(['suspended', 'suspended']), SOON);
  });
});

describe('what is in memory', () => {
  it('needs no database, and a change of one client leaves the others', async () => {
    const [a, b] = [await register(schemas.admin), await register(schemas.admin)];
    await Promise.all([a, b].map(statuses));
    const [{ loads, clients }] = replicas as [Replica, Replica];
    const before = loads.length;
    const [kept] = await Promise.all([a, b].map(({ clientId }) => clients.findByClientId(clientId)));
    await change(schemas.admin, [b], suspend(b));
    await vi.waitFor(async () => expect(await statuses(b)).toEqual(['suspended', 'suspended']), SOON);
    expect(await clients.findByClientId(a.clientId)).toBe(kept);
    expect(loads.slice(before)).toEqual([b.clientId]);
  });

  it('an id that is nobody’s is known to be until a registration names it', async () => {
    const id = crypto.randomUUID();
    const clientId = `cli_${id.replaceAll('-', '')}`;
    const [replica] = replicas as [Replica];
    expect(await replica.clients.findByClientId(clientId)).toBeUndefined();
    expect(await replica.clients.findByClientId(clientId)).toBeUndefined();
    expect(replica.loads.filter((loaded) => loaded === clientId)).toHaveLength(1);
    const registered = await register(schemas.admin, undefined, id);
    await change(schemas.admin, [registered], undefined);
    await vi.waitFor(async () => expect(await statusAt(replica, registered)).toBe('active'), SOON);
  });

  it('A9: what cannot be an id of ours asks nobody', async () => {
    const [replica] = replicas as [Replica];
    for (const clientId of ['', 'cli_', 'cli_' + 'A'.repeat(32), "cli_' OR 1=1 --", 'x'.repeat(10_000)]) {
      expect(await replica.clients.findByClientId(clientId)).toBeUndefined();
    }
    expect(replica.loads).toEqual([]);
  });

  it('is bounded', async () => {
    const [replica] = replicas as [Replica];
    for (let i = 0; i < policy.bound + 10; i += 1) {
      await replica.clients.findByClientId((await register(schemas.admin)).clientId);
    }
    expect(replica.clients.cache.size.known).toBe(policy.bound);
  });
});

describe('Postgres is away', () => {
  it('known clients are served up to the bound, then nobody; and all comes back by itself', async () => {
    const [known, other] = [await register(schemas.admin), await register(schemas.admin)];
    const [replica] = replicas as [Replica];
    await statusAt(replica, known);
    await replica.gate.close();
    await expect(statusAt(replica, other)).rejects.toThrow();
    for (let i = 0; i < 3; i += 1) {
      expect(await statusAt(replica, known)).toBe('active');
      await turn();
    }
    // An age is the larger of what two clocks say, so it is enough to set this one.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + policy.maxAgeMs + 1 });
    expect(replica.clients.cache.isBelieved).toBe(false);
    await expect(statusAt(replica, known)).rejects.toThrow();
    await expect(replica.clients.assertReadable()).rejects.toThrow();
    vi.useRealTimers();
    await change(schemas.admin, [known], suspend(known));
    await replica.gate.open();
    await vi.waitFor(async () => expect(await statusAt(replica, known)).toBe('suspended'), SOON);
    await vi.waitFor(() => expect(replica.clients.cache.isBelieved).toBe(true), SOON);
    expect(replica.lines.filter((line) => line.includes('are not followed'))).toHaveLength(2);
  });
});
