import { startPostgres, type PostgresServer } from '@partner-ecosystem/test-postgres';
import { Client } from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { migrate } from './migrate.js';
import { prepareDatabase } from './prepare-database.js';

const roles = { schema: 'registry', ownerRole: 'registry_owner', appRole: 'registry_app' };
const log = () => undefined;

/** what else happens in the middle of the first migration */
let whileCreating: () => Promise<void>;

class CreatePartner1700000000000 implements MigrationInterface {
  async up(connection: QueryRunner): Promise<void> {
    await connection.query('CREATE TABLE partner (id int PRIMARY KEY)');
    await whileCreating();
    await connection.query('GRANT SELECT ON partner TO registry_app');
  }
  async down(connection: QueryRunner): Promise<void> {
    await connection.query('DROP TABLE partner');
  }
}

class AddSlug1700000001000 implements MigrationInterface {
  async up(connection: QueryRunner): Promise<void> {
    await connection.query('ALTER TABLE registry.partner ADD slug text');
  }
  async down(connection: QueryRunner): Promise<void> {
    await connection.query('ALTER TABLE registry.partner DROP slug');
  }
}

class Broken1700000002000 implements MigrationInterface {
  async up(connection: QueryRunner): Promise<void> {
    await connection.query('CREATE TABLE half_done (id int)');
    await connection.query('SELECT 1 / 0');
  }
  async down(): Promise<void> {}
}

const BOTH = [AddSlug1700000001000, CreatePartner1700000000000];
const NAMES = ['CreatePartner1700000000000', 'AddSlug1700000001000'];

let server: PostgresServer;
let migrationUrl: string;
let runtimeUrl: string;

async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  server = await startPostgres();
  migrationUrl = server.urlFor('migrator', 'm');
  runtimeUrl = server.urlFor('registry_app', 'a');
});
afterAll(() => server.stop());

beforeEach(async () => {
  whileCreating = () => Promise.resolve();
  await query(server.adminUrl, 'DROP SCHEMA IF EXISTS registry CASCADE');
  await prepareDatabase({ adminUrl: server.adminUrl, runtimeUrl, migrationUrl, roles, log });
});

it('applies migrations in the order of their time, once, and returns the names of those it applied', async () => {
  const lines: string[] = [];
  const options = { url: migrationUrl, roles, log: (line: string) => lines.push(line) };
  expect(await migrate({ ...options, migrations: [CreatePartner1700000000000] })).toEqual(NAMES.slice(0, 1));
  expect(await migrate({ ...options, migrations: BOTH })).toEqual(NAMES.slice(1));
  expect(await migrate({ ...options, migrations: BOTH })).toEqual([]);
  expect(lines).toEqual(NAMES.map((name) => `applied ${name}`));
});

it('makes everything the owner role owns, in its schema, readable for the application only where granted', async () => {
  await migrate({ url: migrationUrl, roles, migrations: BOTH, log });
  expect(
    await query(
      server.adminUrl,
      `SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'registry' ORDER BY 1`,
    ),
  ).toEqual([
    { tablename: 'migrations', tableowner: 'registry_owner' },
    { tablename: 'partner', tableowner: 'registry_owner' },
  ]);
  expect(await query(runtimeUrl, 'SELECT * FROM registry.partner')).toEqual([]);
  for (const statement of ['INSERT INTO registry.partner VALUES (1)', 'SELECT * FROM registry.migrations']) {
    await expect(query(runtimeUrl, statement)).rejects.toMatchObject({ code: '42501' });
  }
});

it('applies each migration once when three run at the same time', async () => {
  const lines: string[] = [];
  const waiting = `SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
  whileCreating = () =>
    vi.waitFor(async () => expect(await query(server.adminUrl, waiting)).toEqual([{ count: 2 }]), { timeout: 240_000 });
  const run = () => migrate({ url: migrationUrl, roles, migrations: BOTH, log: (line) => lines.push(line) });
  const applied = await Promise.all([run(), run(), run()]);
  expect(applied.flat()).toEqual(NAMES);
  expect(lines).toContain('another migration of schema registry is running: waiting for it');
  expect(await query(server.adminUrl, 'SELECT name FROM registry.migrations ORDER BY id')).toEqual(
    NAMES.map((name) => ({ name })),
  );
});

it('takes a failing migration back, keeps the earlier ones and says which one failed', async () => {
  await expect(
    migrate({ url: migrationUrl, roles, migrations: [...BOTH, Broken1700000002000], log }),
  ).rejects.toMatchObject({
    code: 'migration_failed',
    message: 'Migration Broken1700000002000 of schema registry failed and left no trace: division by zero.',
    cause: expect.objectContaining({ code: '22012' }) as Error,
  });
  expect(
    await query(
      server.adminUrl,
      `SELECT to_regclass('registry.half_done') AS half, count(*)::int FROM registry.migrations`,
    ),
  ).toEqual([{ half: null, count: 2 }]);
});

it('builds nothing on a schema with another history, and lets one alone that is ahead', async () => {
  const options = { url: migrationUrl, roles, log };
  await migrate({ ...options, migrations: BOTH });
  expect(await migrate({ ...options, migrations: [CreatePartner1700000000000] })).toEqual([]);
  await expect(migrate({ ...options, migrations: [AddSlug1700000001000, Broken1700000002000] })).rejects.toMatchObject({
    code: 'migrations_unknown',
    message: expect.stringContaining('(CreatePartner1700000000000): nothing was changed') as string,
  });
  expect(await query(server.adminUrl, 'SELECT name FROM registry.migrations ORDER BY id')).toEqual(
    NAMES.map((name) => ({ name })),
  );
});

it('refuses a login that cannot become the owner: the application itself, and one that is nobody', async () => {
  const refused = {
    code: 'owner_not_granted',
    message: expect.stringMatching(
      /cannot become "registry_owner".*GRANT "registry_owner" TO "registry_app"/,
    ) as string,
  };
  await expect(migrate({ url: runtimeUrl, roles, migrations: BOTH, log })).rejects.toMatchObject(refused);
  const missing = { ...roles, ownerRole: 'missing_owner' };
  await expect(migrate({ url: migrationUrl, roles: missing, migrations: BOTH, log })).rejects.toMatchObject({
    code: 'owner_not_granted',
    message: expect.stringContaining('"missing_owner", which does not exist') as string,
  });
});

it('says what to do before the database is prepared, and when it cannot connect', async () => {
  await query(server.adminUrl, 'DROP SCHEMA registry CASCADE');
  await expect(migrate({ url: migrationUrl, roles, migrations: BOTH, log })).rejects.toMatchObject({
    code: 'schema_missing',
    message: 'The database has no schema "registry": prepare the database first.',
  });
  const wrong = server.urlFor('migrator', 'a-secret-guess');
  const error = await migrate({ url: wrong, roles, migrations: BOTH, log }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: 'connection_failed',
    message: expect.stringMatching(
      /database "partner_ecosystem", as "migrator": password authentication failed/,
    ) as string,
  });
  expect(String(error)).not.toContain('a-secret-guess');
});

it('becomes the owner also as a superuser, whose own name is on nothing', async () => {
  expect(await migrate({ url: server.adminUrl, roles, migrations: BOTH, log })).toEqual(NAMES);
  expect(
    await query(server.adminUrl, `SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'registry'`),
  ).toEqual([{ tableowner: 'registry_owner' }]);
});
