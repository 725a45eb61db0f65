import type { Client } from 'pg';
import { closeToPublic } from './close-to-public.js';
import { connect } from './connect.js';
import { DatabaseError } from './database-error.js';
import { assertPlainRoles, quoted, type DatabaseRoles } from './database-roles.js';
import { privilegeExcessive, privilegeFaults, type Query } from './least-privilege.js';
import { loginOf, settableLoginOf, type Login } from './login-url.js';
import { prepareAppRole, prepareMigrationLogin, prepareOwnerRole } from './prepare-roles.js';
import { assertSupportedVersion } from './supported-version.js';

export interface PrepareDatabaseOptions {
  /** A superuser, or a login with CREATEROLE that owns the database. */
  adminUrl: string;
  /** Names the application's role and the password to give it. */
  runtimeUrl: string;
  /** A login that may run migrations; created with this password when it is missing. */
  migrationUrl?: string;
  roles: DatabaseRoles;
  log: (message: string) => void;
}

/**
 * Makes schema and roles of one application, and takes from PUBLIC what PostgreSQL gives it (connecting to the database included:
 * other logins, such as monitoring, need a GRANT CONNECT of their own). One transaction, safe to repeat and to run at once with
 * others; a changed password in a URL is applied. Grants on single tables are the migrations' work.
 * Errors: DatabaseError with `postgres_too_old`, `admin_insufficient`, `role_unsafe`, `privilege_excessive`, `login_mismatch`,
 * `database_mismatch`, `connection_failed` or a fault of a URL; nothing has changed then.
 */
export async function prepareDatabase(options: PrepareDatabaseOptions): Promise<void> {
  const { roles, log } = options;
  const logins = loginsOf(options);
  const client = await connect(options.adminUrl, 'the admin URL');
  try {
    await assertVersionOf(client);
    await client.query('BEGIN');
    await prepare(client, roles, logins, log);
    await client.query('COMMIT');
    log(`schema ${roles.schema} is ready for ${roles.appRole}, owned by ${roles.ownerRole}`);
  } catch (error) {
    throw insufficient(error);
  } finally {
    // ends an open transaction, too: nothing of it stays
    await client.end();
  }
}

interface Logins {
  app: Login;
  migration: Login | undefined;
}

function loginsOf({ adminUrl, runtimeUrl, migrationUrl, roles }: PrepareDatabaseOptions): Logins {
  assertPlainRoles(roles);
  const admin = loginOf(adminUrl, 'the admin URL');
  const app = settableLoginOf(runtimeUrl, 'the runtime URL');
  const migration = migrationUrl === undefined ? undefined : settableLoginOf(migrationUrl, 'the migration URL');
  if (app.user !== roles.appRole) {
    throw new DatabaseError(
      'login_mismatch',
      `The runtime URL logs in as "${app.user}": the application's role is "${roles.appRole}".`,
    );
  }
  if (migration && [roles.appRole, roles.ownerRole].includes(migration.user)) {
    throw new DatabaseError(
      'login_mismatch',
      `The migration URL logs in as "${migration.user}": use a login of its own, neither the application's nor the owner's.`,
    );
  }
  for (const { database } of migration ? [app, migration] : [app]) {
    if (database === admin.database) continue;
    throw new DatabaseError(
      'database_mismatch',
      `The admin URL names the database "${admin.database}" and another URL "${database}": name the same one in all.`,
    );
  }
  return { app, migration };
}

async function assertVersionOf(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  );
  assertSupportedVersion(rows[0]?.version ?? 0);
}

async function prepare(
  client: Client,
  roles: DatabaseRoles,
  { app, migration }: Logins,
  log: (message: string) => void,
): Promise<void> {
  const query: Query = async <Row>(text: string, values?: unknown[]) =>
    (await client.query(text, values)).rows as Row[];
  // several applications prepare one database: changes of the same catalogue rows must not overlap
  await query(`SELECT pg_advisory_xact_lock(hashtextextended('prepare database', 0))`);
  await prepareOwnerRole(query, roles, log);
  await prepareAppRole(query, app, log);
  if (migration) await prepareMigrationLogin(query, migration, roles, log);
  await prepareSchema(query, roles);
  await closeToPublic(query, roles, migration ? [app.user, migration.user] : [app.user]);
  const faults = await privilegeFaults(query, roles.appRole, roles);
  if (faults.length > 0) throw privilegeExcessive(roles.appRole, faults, roles);
}

async function prepareSchema(query: Query, { schema, ownerRole, appRole }: DatabaseRoles): Promise<void> {
  const [existing] = await query<{ owner: string }>(
    'SELECT pg_get_userbyid(nspowner) AS owner FROM pg_namespace WHERE nspname = $1',
    [schema],
  );
  if (!existing) await query(`CREATE SCHEMA ${quoted(schema)} AUTHORIZATION ${quoted(ownerRole)}`);
  else if (existing.owner !== ownerRole) await query(`ALTER SCHEMA ${quoted(schema)} OWNER TO ${quoted(ownerRole)}`);
  // what an owner grants: an administrator without SUPERUSER has no right to do it in its own name
  await query(`SET LOCAL ROLE ${quoted(ownerRole)}`);
  await query(`REVOKE ALL ON SCHEMA ${quoted(schema)} FROM PUBLIC`);
  await query(`GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${quoted(appRole)}`);
  await query('ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM PUBLIC');
  // PostgreSQL lets everybody execute a new function
  await query('ALTER DEFAULT PRIVILEGES REVOKE ALL ON ROUTINES FROM PUBLIC');
  await query('RESET ROLE');
}

const INSUFFICIENT_PRIVILEGE = '42501';

function insufficient(error: unknown): unknown {
  if ((error as { code?: unknown }).code !== INSUFFICIENT_PRIVILEGE) return error;
  return new DatabaseError(
    'admin_insufficient',
    `The login in the admin URL may not prepare the database (${(error as Error).message}): use a superuser, ` +
      'or a login with CREATEROLE that owns the database and has created these roles.',
    { cause: error },
  );
}
