import { startPostgres, type PostgresServer } from '@partner-ecosystem/test-postgres';
import { DataSource } from 'typeorm';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { assertLeastPrivilege } from './least-privilege.js';
import { prepareDatabase } from './prepare-database.js';
import { runtimeDataSource } from './runtime-data-source.js';

const roles = { schema: 'registry', ownerRole: 'registry_owner', appRole: 'registry_app' };
let server: PostgresServer;
let admin: Client;
const undo: string[] = [];

beforeAll(async () => {
  server = await startPostgres();
  admin = new Client({ connectionString: server.adminUrl });
  await admin.connect();
  const runtimeUrl = server.urlFor('registry_app', 'a');
  await prepareDatabase({ adminUrl: server.adminUrl, runtimeUrl, roles, log: () => undefined });
});
afterAll(async () => {
  await admin.end();
  await server.stop();
});
afterEach(async () => {
  for (const statement of undo.splice(0)) await admin.query(statement);
});

async function boot(url = server.urlFor('registry_app', 'a'), changes: Partial<typeof roles> = {}): Promise<void> {
  const dataSource = new DataSource(
    runtimeDataSource({
      url,
      schema: 'registry',
      entities: [],
      applicationName: 'spec',
      log: () => undefined,
      poolSize: 1,
    }),
  );
  await dataSource.initialize();
  try {
    await assertLeastPrivilege(dataSource, { ...roles, ...changes });
  } finally {
    await dataSource.destroy();
  }
}

it('accepts the role that prepareDatabase makes', async () => {
  await expect(boot()).resolves.toBeUndefined();
});

it('refuses a superuser with one reason and says whom to log in as', async () => {
  await expect(boot(server.adminUrl)).rejects.toMatchObject({
    name: 'DatabaseError',
    code: 'privilege_excessive',
    message:
      'The database login "postgres" may do more than the application needs: it is a superuser. ' +
      'Log in as "registry_app", the role that preparing the database creates, and take from it what it was given beyond that.',
  });
});

it('refuses a superuser that hides behind SET ROLE', async () => {
  await expect(boot(`${server.adminUrl}?options=-c%20role%3Dregistry_app`)).rejects.toMatchObject({
    code: 'privilege_excessive',
  });
});

it.each([
  ['ALTER ROLE registry_app CREATEROLE', 'has CREATEROLE', 'ALTER ROLE registry_app NOCREATEROLE'],
  ['ALTER ROLE registry_app CREATEDB', 'has CREATEDB', 'ALTER ROLE registry_app NOCREATEDB'],
  ['ALTER ROLE registry_app BYPASSRLS', 'has BYPASSRLS', 'ALTER ROLE registry_app NOBYPASSRLS'],
  ['ALTER ROLE registry_app REPLICATION', 'has REPLICATION', 'ALTER ROLE registry_app NOREPLICATION'],
  [
    'GRANT registry_owner TO registry_app WITH INHERIT FALSE, SET FALSE',
    'is a member of "registry_owner", which owns the schema',
    'REVOKE registry_owner FROM registry_app',
  ],
  ['CREATE ROLE staff BYPASSRLS ROLE registry_app', 'is a member of "staff", which has BYPASSRLS', 'DROP ROLE staff'],
  [
    'GRANT pg_read_all_data TO registry_app',
    'is a member of "pg_read_all_data", which reaches everything',
    'REVOKE pg_read_all_data FROM registry_app',
  ],
  [
    'ALTER DATABASE partner_ecosystem OWNER TO registry_app',
    'owns the database partner_ecosystem',
    'ALTER DATABASE partner_ecosystem OWNER TO postgres; GRANT CONNECT ON DATABASE partner_ecosystem TO registry_app',
  ],
  [
    'GRANT CREATE ON DATABASE partner_ecosystem TO registry_app',
    'may create schemas in the database',
    'REVOKE CREATE ON DATABASE partner_ecosystem FROM registry_app',
  ],
  [
    'ALTER SCHEMA registry OWNER TO registry_app',
    'owns the schema registry',
    'ALTER SCHEMA registry OWNER TO registry_owner',
  ],
  [
    'GRANT CREATE ON SCHEMA registry TO registry_app',
    'may create in the schema registry',
    'REVOKE CREATE ON SCHEMA registry FROM registry_app',
  ],
  [
    'CREATE TABLE registry.partner (id int); ALTER TABLE registry.partner OWNER TO registry_app',
    'owns registry.partner',
    'DROP TABLE registry.partner',
  ],
  [
    'CREATE FUNCTION registry.one() RETURNS int RETURN 1; ALTER FUNCTION registry.one OWNER TO registry_app',
    'owns registry.one()',
    'DROP FUNCTION registry.one',
  ],
])('refuses after %s', async (statement, reason, undone) => {
  undo.push(undone);
  await admin.query(statement);
  await expect(boot()).rejects.toMatchObject({
    code: 'privilege_excessive',
    message: expect.stringContaining(`it ${reason}`) as string,
  });
});

it('says that the database is not prepared when the schema is missing', async () => {
  await expect(boot(undefined, { schema: 'nowhere' })).rejects.toMatchObject({ code: 'schema_missing' });
});
