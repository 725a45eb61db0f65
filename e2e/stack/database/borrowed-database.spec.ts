import { startPostgres, type PostgresServer } from '@partner-ecosystem/test-postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_ROLES } from './app-role.js';
import { borrowDatabase } from './borrowed-database.js';

describe('a database in the server of DATABASE_ADMIN_URL', () => {
  let server: PostgresServer;
  let admin: pg.Client;

  beforeAll(async () => {
    server = await startPostgres();
    admin = new pg.Client({ connectionString: server.adminUrl });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await server.stop();
  });

  it('is made, and dropped with its roles when the stack stops', async () => {
    const before = await namesIn('SELECT datname AS name FROM pg_database');
    const database = await borrowDatabase(server.adminUrl);
    const own = new pg.Client({ connectionString: database.adminUrl });
    await own.connect();
    await own.query(`CREATE ROLE ${ALL_ROLES[0]}; CREATE SCHEMA spec AUTHORIZATION ${ALL_ROLES[0]}`);
    await own.end();
    await database.stop();
    expect(await namesIn('SELECT datname AS name FROM pg_database')).toEqual(before);
    expect(await namesIn(`SELECT rolname AS name FROM pg_roles WHERE rolname LIKE '%\\_app'`)).toEqual([]);
  });

  it('is refused in a server that has one of the roles, because starting would change its password', async () => {
    await admin.query('CREATE ROLE partner_registry_app');
    await expect(borrowDatabase(server.adminUrl)).rejects.toMatchObject({
      code: 'database_unusable',
      message: expect.stringContaining('partner_registry_app'),
    });
    await admin.query('DROP ROLE partner_registry_app');
  });

  async function namesIn(query: string): Promise<string[]> {
    const { rows } = await admin.query<{ name: string }>(query);
    return rows.map(({ name }) => name).sort();
  }
});
