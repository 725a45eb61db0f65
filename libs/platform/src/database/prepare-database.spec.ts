import { startPostgres, type PostgresServer } from '@partner-ecosystem/test-postgres';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareDatabase, type PrepareDatabaseOptions } from './prepare-database.js';

const registry = { schema: 'registry', ownerRole: 'registry_owner', appRole: 'registry_app' };
const token = { schema: 'token', ownerRole: 'token_owner', appRole: 'token_app' };
const PASSWORD = 'it\'s "quoted" \\ $$ %/@:?#';
const log = () => undefined;
const denied = { code: '42501' };

let server: PostgresServer;
const lines: string[] = [];

async function query(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query<Record<string, unknown>>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

const as = (user: string, password = PASSWORD) => server.urlFor(user, password);

function optionsFor(roles: typeof registry, changes: Partial<PrepareDatabaseOptions> = {}): PrepareDatabaseOptions {
  return {
    adminUrl: server.adminUrl,
    runtimeUrl: as(roles.appRole),
    migrationUrl: as('migrator'),
    roles,
    log,
    ...changes,
  };
}

beforeAll(async () => {
  server = await startPostgres({ log: (line) => lines.push(line) });
  await query(server.adminUrl, `ALTER SYSTEM SET log_statement = 'all'`, 'SELECT pg_reload_conf()');
  await Promise.all([prepareDatabase(optionsFor(registry)), prepareDatabase(optionsFor(token))]);
});
afterAll(() => server.stop());

describe('the prepared database', () => {
  it('lets the application log in and use its schema, with any printable password, which no log has seen', async () => {
    expect(
      await query(as('registry_app'), `SELECT has_schema_privilege('registry', 'USAGE') AS usage, current_user AS me`),
    ).toEqual([{ usage: true, me: 'registry_app' }]);
    const written = lines.filter((line) => line.includes('ROLE'));
    expect(written.join('\n')).toMatch(/CREATE ROLE "registry_app" LOGIN PASSWORD 'SCRAM-SHA-256/);
    expect(written.join('\n')).not.toContain('quoted');
  });

  it.each([
    ['create a table in its schema', 'CREATE TABLE registry.t (id int)'],
    ['create a table in another schema', 'CREATE TABLE token.t (id int)'],
    ['create a table in public', 'CREATE TABLE public.t (id int)'],
    ['create a temporary table', 'CREATE TEMPORARY TABLE t (id int)'],
    ['create a schema', 'CREATE SCHEMA mine'],
    ['create a role', 'CREATE ROLE mine'],
    ['become the owner', 'SET ROLE registry_owner'],
    ['change the schema', 'ALTER SCHEMA registry RENAME TO mine'],
  ])('does not let the application %s', async (_what, statement) => {
    await expect(query(as('registry_app'), statement)).rejects.toMatchObject(denied);
  });

  it('gives nobody a right to what the owner creates, functions included, until a migration grants it', async () => {
    await query(
      server.adminUrl,
      'SET ROLE token_owner',
      'CREATE TABLE token.signing_key (id int)',
      'CREATE FUNCTION token.one() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    );
    await query(server.adminUrl, 'GRANT USAGE ON SCHEMA token TO registry_app');
    for (const app of ['registry_app', 'token_app']) {
      await expect(query(as(app), 'SELECT * FROM token.signing_key')).rejects.toMatchObject(denied);
      await expect(query(as(app), 'SELECT token.one()')).rejects.toMatchObject(denied);
    }
    await query(server.adminUrl, 'REVOKE USAGE ON SCHEMA token FROM registry_app');
    await query(server.adminUrl, 'SET ROLE token_owner', 'GRANT SELECT ON token.signing_key TO token_app');
    expect(await query(as('token_app'), 'SELECT * FROM token.signing_key')).toEqual([]);
    await expect(query(as('registry_app'), 'SELECT * FROM token.signing_key')).rejects.toMatchObject(denied);
  });

  it('lets no other login connect, and none log in as the owner', async () => {
    await query(server.adminUrl, `CREATE ROLE stranger LOGIN PASSWORD 'x'`, `ALTER ROLE token_owner PASSWORD 'x'`);
    await expect(query(as('stranger', 'x'), 'SELECT 1')).rejects.toMatchObject(denied);
    await expect(query(as('token_owner', 'x'), 'SELECT 1')).rejects.toMatchObject({ code: '28000' });
  });

  it('lets the migration login do nothing by itself, and become each owner', async () => {
    await expect(query(as('migrator'), 'CREATE TABLE registry.t (id int)')).rejects.toMatchObject(denied);
    await query(as('migrator'), 'SET ROLE registry_owner', 'CREATE TABLE registry.t (id int)', 'DROP TABLE registry.t');
    await query(as('migrator'), 'SET ROLE token_owner');
  });
});

describe('prepareDatabase, repeated', () => {
  it('changes nothing the second time and applies changed passwords', async () => {
    await prepareDatabase(optionsFor(registry));
    await prepareDatabase(
      optionsFor(registry, { runtimeUrl: as('registry_app', 'new one'), migrationUrl: as('migrator', 'another') }),
    );
    expect(await query(as('registry_app', 'new one'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await query(as('migrator', 'another'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await expect(query(as('registry_app'), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    await prepareDatabase(optionsFor(registry));
    expect(await query(as('registry_app'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('never changes the password of an administrator who also migrates', async () => {
    const [before] = await query(server.adminUrl, `SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'`);
    await prepareDatabase(optionsFor(registry, { migrationUrl: as('postgres', 'a guess') }));
    expect(await query(server.adminUrl, `SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'`)).toEqual([
      before,
    ]);
  });

  it('takes a schema over that somebody else made', async () => {
    await query(server.adminUrl, 'ALTER SCHEMA registry OWNER TO postgres', 'GRANT ALL ON SCHEMA registry TO PUBLIC');
    await prepareDatabase(optionsFor(registry));
    expect(
      await query(
        server.adminUrl,
        `SELECT pg_get_userbyid(nspowner) AS owner, has_schema_privilege('public', oid, 'USAGE') AS open
           FROM pg_namespace WHERE nspname = 'registry'`,
      ),
    ).toEqual([{ owner: 'registry_owner', open: false }]);
  });
});

describe('an administrator without SUPERUSER', () => {
  const roles = { schema: 'resource', ownerRole: 'resource_owner', appRole: 'resource_app' };

  it('with CREATEROLE and the database prepares it, twice', async () => {
    await query(
      server.adminUrl,
      `CREATE ROLE dba LOGIN CREATEROLE PASSWORD 'dba'`,
      'ALTER DATABASE partner_ecosystem OWNER TO dba',
    );
    const options = optionsFor(roles, { adminUrl: as('dba', 'dba'), migrationUrl: as('resource_migrator') });
    await prepareDatabase(options);
    await prepareDatabase(options);
    await prepareDatabase({ ...options, migrationUrl: as('dba', 'dba') });
    await query(as('resource_migrator'), 'SET ROLE resource_owner', 'CREATE TABLE resource.t (id int)');
    await query(as('dba', 'dba'), 'SET ROLE resource_owner', 'DROP TABLE resource.t');
    await expect(query(as('resource_app'), 'CREATE TABLE resource.t (id int)')).rejects.toMatchObject(denied);
    await query(server.adminUrl, 'ALTER DATABASE partner_ecosystem OWNER TO postgres');
  });

  it('is told what is missing, and nothing has changed', async () => {
    const fresh = { schema: 'fresh', ownerRole: 'fresh_owner', appRole: 'fresh_app' };
    await query(
      server.adminUrl,
      `CREATE ROLE half LOGIN CREATEROLE PASSWORD 'half'`,
      'GRANT CONNECT ON DATABASE partner_ecosystem TO half',
    );
    await expect(prepareDatabase(optionsFor(fresh, { adminUrl: as('half', 'half') }))).rejects.toMatchObject({
      code: 'admin_insufficient',
      message: expect.stringMatching(/use a superuser, or a login with CREATEROLE that owns the database/) as string,
    });
    expect(await query(server.adminUrl, `SELECT 1 FROM pg_roles WHERE rolname LIKE 'fresh%'`)).toEqual([]);
  });

  it('is refused when PUBLIC stays in, because only the owner of the database can put it out', async () => {
    const open = { schema: 'open', ownerRole: 'open_owner', appRole: 'open_app' };
    await query(
      server.adminUrl,
      // with a privilege of its own a REVOKE that has no effect is a warning only
      'GRANT CREATE ON DATABASE partner_ecosystem TO half',
      'GRANT USAGE ON SCHEMA public TO half',
      'GRANT CONNECT ON DATABASE partner_ecosystem TO PUBLIC',
    );
    const options = optionsFor(open, { adminUrl: as('half', 'half'), migrationUrl: undefined });
    await expect(prepareDatabase(options)).rejects.toMatchObject({
      code: 'admin_insufficient',
      message: expect.stringContaining('PUBLIC still has CONNECT on the database') as string,
    });
    await query(server.adminUrl, 'REVOKE CONNECT ON DATABASE partner_ecosystem FROM PUBLIC');
  });
});

describe('prepareDatabase refuses', () => {
  it('an owner role with powers, and an application role with more than least privilege', async () => {
    const roles = { schema: 'other', ownerRole: 'strong_owner', appRole: 'other_app' };
    await query(server.adminUrl, 'CREATE ROLE strong_owner CREATEROLE');
    await expect(prepareDatabase(optionsFor(roles))).rejects.toMatchObject({ code: 'role_unsafe' });
    await query(server.adminUrl, 'ALTER ROLE strong_owner NOCREATEROLE', 'CREATE ROLE other_app BYPASSRLS');
    await expect(prepareDatabase(optionsFor(roles))).rejects.toMatchObject({
      code: 'privilege_excessive',
      message: expect.stringContaining(
        '"other_app" may do more than the application needs: it has BYPASSRLS',
      ) as string,
    });
    expect(await query(server.adminUrl, `SELECT 1 FROM pg_namespace WHERE nspname = 'other'`)).toEqual([]);
  });

  it('URLs that do not fit together, before it connects anywhere', async () => {
    const nowhere = 'postgresql://admin:secret@127.0.0.1:1/db';
    const cases: [string, Partial<PrepareDatabaseOptions>][] = [
      ['login_mismatch', { runtimeUrl: 'postgresql://other:secret@h/db' }],
      ['login_mismatch', { migrationUrl: 'postgresql://registry_app:secret@h/db' }],
      ['login_mismatch', { migrationUrl: 'postgresql://registry_owner:secret@h/db' }],
      ['database_mismatch', { runtimeUrl: 'postgresql://registry_app:secret@h/other' }],
      ['database_mismatch', { migrationUrl: 'postgresql://m:secret@h/other' }],
      ['password_invalid', { runtimeUrl: 'postgresql://registry_app@h/db' }],
      ['password_invalid', { runtimeUrl: 'postgresql://registry_app:secr%C3%A9t@h/db' }],
      ['url_invalid', { runtimeUrl: 'postgresql://registry_app:secret%@h/db' }],
      ['url_invalid', { runtimeUrl: 'registry_app:secret' }],
      ['url_invalid', { migrationUrl: 'postgresql://h/db' }],
      ['identifier_invalid', { roles: { ...registry, schema: 'public' } }],
      ['identifier_invalid', { roles: { ...registry, schema: 'x"; DROP ROLE y' } }],
      ['identifier_invalid', { roles: { ...registry, ownerRole: 'registry_app' } }],
      ['connection_failed', {}],
    ];
    for (const [code, changes] of cases) {
      const runtimeUrl = 'postgresql://registry_app:secret@h/db';
      const options = optionsFor(registry, { adminUrl: nowhere, runtimeUrl, migrationUrl: undefined, ...changes });
      const error = await prepareDatabase(options).then(
        () => undefined,
        (reason: unknown) => reason as Error & { code: string },
      );
      expect([code, error?.code]).toEqual([code, code]);
      expect(error?.message).not.toContain('secret');
    }
  });
});
