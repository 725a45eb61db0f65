import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { startPostgres, type PostgresServer } from '@partner-ecosystem/test-postgres';
import { Client } from 'pg';
import { Column, DataSource, Entity, PrimaryGeneratedColumn, type DataSourceOptions } from 'typeorm';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { migrate } from './migrate.js';
import { pingDatabase } from './ping-database.js';
import { prepareDatabase } from './prepare-database.js';
import { PreparedStatement } from './prepared-statement.js';
import { runtimeDataSource, type RuntimeDataSourceOptions } from './runtime-data-source.js';

const LONG = { timeout: 240_000 };
const roles = { schema: 'registry', ownerRole: 'registry_owner', appRole: 'registry_app' };

@Entity('partner')
class Partner {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'text', unique: true })
  slug: string;
}

class CreatePartner1700000000000 {
  async up(connection: { query(text: string): Promise<unknown> }): Promise<void> {
    await connection.query('CREATE TABLE partner (id uuid PRIMARY KEY DEFAULT uuidv7(), slug text NOT NULL UNIQUE)');
    await connection.query('GRANT SELECT, INSERT ON partner TO registry_app');
  }
}

let server: PostgresServer;
const opened: DataSource[] = [];

beforeAll(async () => {
  server = await startPostgres();
  const log = () => undefined;
  await prepareDatabase({ adminUrl: server.adminUrl, runtimeUrl: server.urlFor('registry_app', 'a'), roles, log });
  await migrate({ url: server.adminUrl, roles, migrations: [CreatePartner1700000000000], log });
});
afterAll(() => server.stop());
afterEach(async () => {
  await Promise.all(opened.splice(0).map((dataSource) => dataSource.destroy()));
  vi.restoreAllMocks();
});

async function open(changes: Partial<RuntimeDataSourceOptions> = {}): Promise<DataSource> {
  const url = server.urlFor('registry_app', 'a');
  const log = () => undefined;
  const options = { url, schema: 'registry', entities: [Partner], applicationName: 'spec', log, ...changes };
  // On a slow machine a connection takes longer than callers should wait for one.
  const dataSource = new DataSource({ ...runtimeDataSource(options), connectTimeoutMS: 60_000 } as DataSourceOptions);
  opened.push(await dataSource.initialize());
  return dataSource;
}

it('plans a prepared statement once for each connection, and reads what the view says that took the place of another', async () => {
  const dataSource = await open({ poolSize: 1 });
  const admin = new Client({ connectionString: server.adminUrl });
  await admin.connect();
  try {
    const view = (word: string) =>
      `CREATE VIEW registry.words AS SELECT '${word}'::text AS word; GRANT SELECT ON registry.words TO registry_app`;
    await admin.query(view('before'));
    const words = new PreparedStatement<{ word: string }>(
      dataSource,
      'words',
      'SELECT word FROM words WHERE word <> $1',
    );
    for (let times = 0; times < 8; times += 1) expect(await words.query(['none'])).toEqual([{ word: 'before' }]);
    expect(await dataSource.query('SELECT name FROM pg_prepared_statements')).toEqual([{ name: 'words' }]);
    await admin.query(`DROP VIEW registry.words; ${view('after')}`);
    expect(await words.query(['none'])).toEqual([{ word: 'after' }]);
    await expect(words.query(['none', 'one more'])).rejects.toMatchObject({ code: '08P01' });
    expect(await words.query(['none'])).toEqual([{ word: 'after' }]);
  } finally {
    await admin.end();
  }
});

it('reads and writes entities of its schema, and plain SQL without the name of the schema', async () => {
  const dataSource = await open();
  const saved = await dataSource.getRepository(Partner).save({ slug: 'acme' });
  expect(await dataSource.getRepository(Partner).findOneByOrFail({ slug: 'acme' })).toEqual(saved);
  expect(await dataSource.query('SELECT slug FROM partner')).toEqual([{ slug: 'acme' }]);
});

it('bounds every wait on the server, names itself and never changes the schema', async () => {
  const dataSource = await open();
  expect(
    await dataSource.query(
      `SELECT name, setting FROM pg_settings WHERE name IN ('application_name', 'statement_timeout', 'lock_timeout',
         'idle_in_transaction_session_timeout') ORDER BY name`,
    ),
  ).toEqual([
    { name: 'application_name', setting: 'spec' },
    { name: 'idle_in_transaction_session_timeout', setting: '15000' },
    { name: 'lock_timeout', setting: '5000' },
    { name: 'statement_timeout', setting: '10000' },
  ]);
  expect(dataSource.options).toMatchObject({ synchronize: false, migrationsRun: false, installExtensions: false });
});

it('opens ten connections at most, or as many as it is told', async () => {
  const busy = async (dataSource: DataSource, queries: number) => {
    const pids = await Promise.all(
      Array.from({ length: queries }, () => dataSource.query('SELECT pg_backend_pid() AS pid')),
    );
    return new Set(pids.map(([{ pid }]: [{ pid: number }]) => pid)).size;
  };
  expect(await busy(await open(), 14)).toBe(10);
  expect(await busy(await open({ poolSize: 2 }), 5)).toBe(2);
});

it('prints nothing of a failed query, whose parameters may be secrets, and throws it to the caller', async () => {
  const written: unknown[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => written.push(chunk) > 0);
  }
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((...values: unknown[]) => void written.push(...values));
  }
  const dataSource = await open();
  const twice = () => dataSource.getRepository(Partner).insert({ slug: 'a-secret' });
  await twice();
  await expect(twice()).rejects.toMatchObject({ code: '23505' });
  vi.restoreAllMocks();
  expect(written).toEqual([]);
});

it('tells log of a connection that is lost while idle, and opens another one', async () => {
  const lost: string[] = [];
  const dataSource = await open({ poolSize: 1, log: (message) => lost.push(message) });
  const [{ pid }] = (await dataSource.query('SELECT pg_backend_pid() AS pid')) as [{ pid: number }];
  const admin = new Client({ connectionString: server.adminUrl });
  await admin.connect();
  await admin.query('SELECT pg_terminate_backend($1, 60000)', [pid]);
  await admin.end();
  await vi.waitFor(() => expect(lost.join()).toMatch(/Postgres pool raised an error.*terminating connection/), LONG);
  await expect(pingDatabase(dataSource)).resolves.toBeUndefined();
});

it('a connection that was cut without a word is given up with its first query, and another one is opened', async () => {
  const near = createServer((socket) => {
    const far = connect(server.port, '127.0.0.1');
    socket.pipe(far).pipe(socket);
    for (const end of [socket, far])
      end.on('error', () => undefined).on('close', () => (far.destroy(), socket.destroy()));
    near.once('cut', () => {
      socket.unpipe(far).pause();
      far.unpipe(socket).pause();
    });
  }).listen(0, '127.0.0.1');
  await once(near, 'listening');
  const url = new URL(server.urlFor('registry_app', 'a'));
  url.host = `127.0.0.1:${(near.address() as AddressInfo).port}`;
  // Meant to strike once the connection is cut, and long enough not to strike before.
  url.searchParams.set('query_timeout', '3000');
  const log: string[] = [];
  const dataSource = await open({ url: url.href, poolSize: 1, log: (message) => log.push(message) });
  await dataSource.query('SELECT 1');
  near.emit('cut');
  await expect(dataSource.query('SELECT 1')).rejects.toThrow('Query read timeout');
  await vi.waitFor(async () => expect(await dataSource.query('SELECT 2 AS two')).toEqual([{ two: 2 }]), LONG);
  near.close();
});

it('pingDatabase answers when all is well, and gives up after 2 s when no connection is free', async () => {
  const dataSource = await open({ poolSize: 1 });
  await expect(pingDatabase(dataSource)).resolves.toBeUndefined();
  const holder = dataSource.createQueryRunner();
  await holder.connect();
  await expect(pingDatabase(dataSource)).rejects.toMatchObject({
    code: 'ping_timeout',
    message: 'The database did not answer within 2000 ms.',
  });
  await holder.release();
});
