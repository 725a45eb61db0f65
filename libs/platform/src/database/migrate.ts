import { DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { connectionFailed, CONNECT_TIMEOUT_MS } from './connect.js';
import { DatabaseError } from './database-error.js';
import { assertPlainRoles, quoted, type DatabaseRoles } from './database-roles.js';
import { assertSchemaExists } from './least-privilege.js';
import { loginOf } from './login-url.js';
import { QuietLogger } from './quiet-logger.js';

export interface MigrateOptions {
  /** A login that is a member of the owner role. Connects directly: a transaction pooler would lose role and lock. */
  url: string;
  roles: DatabaseRoles;
  /** TypeORM migration classes, named with their 13-digit time. */
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type for a class
  migrations: Function[];
  log: (message: string) => void;
}

const URL_NAME = 'the migration URL';
// a migration that waits for a long transaction makes everybody else wait behind it: better to fail and run it again
const LOCK_TIMEOUT = '30s';

/**
 * Applies the pending migrations in order, each in its own transaction, as the owner role, and returns their names. The list of
 * applied ones is the table `migrations` in the same schema. Two at once are safe: the second waits, then finds nothing to do.
 * Errors: `connection_failed`, `schema_missing`, `owner_not_granted`, `migrations_unknown`, `migration_failed` (earlier migrations
 * stay applied).
 */
export async function migrate({ url, roles, migrations, log }: MigrateOptions): Promise<string[]> {
  assertPlainRoles(roles);
  loginOf(url, URL_NAME);
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    schema: roles.schema,
    migrations,
    migrationsTableName: 'migrations',
    applicationName: `migrate ${roles.schema}`,
    poolSize: 1,
    installExtensions: false,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    logger: new QuietLogger(log),
  });
  await dataSource.initialize().catch((error: unknown) => {
    throw connectionFailed(error, url, URL_NAME);
  });
  try {
    return await migrateAsOwner(dataSource, roles, log);
  } finally {
    await dataSource.destroy();
  }
}

/** Role, lock and migrations live and die with one connection. */
async function migrateAsOwner(
  dataSource: DataSource,
  roles: DatabaseRoles,
  log: MigrateOptions['log'],
): Promise<string[]> {
  const connection = dataSource.createQueryRunner();
  try {
    await becomeOwner(connection, roles);
    await lockMigrations(connection, roles, log);
    return await applyPending(dataSource, connection, log);
  } finally {
    await connection.release();
  }
}

async function becomeOwner(connection: QueryRunner, roles: DatabaseRoles): Promise<void> {
  await assertSchemaExists((text, values) => connection.query(text, values), roles);
  const { ownerRole, schema } = roles;
  const [login] = (await connection.query(
    `SELECT session_user AS name, (SELECT pg_has_role(session_user, oid, 'SET') FROM pg_roles WHERE rolname = $1) AS allowed`,
    [ownerRole],
  )) as [{ name: string; allowed: boolean | null }];
  if (!login.allowed) {
    throw new DatabaseError(
      'owner_not_granted',
      `The login "${login.name}" in ${URL_NAME} cannot become "${ownerRole}"${login.allowed === null ? ', which does not exist' : ''}: ` +
        `prepare the database with this login as its migration login, or run: GRANT ${quoted(ownerRole)} TO ${quoted(login.name)}.`,
    );
  }
  await connection.query(`SET ROLE ${quoted(ownerRole)}`);
  await connection.query(`SET search_path TO ${quoted(schema)}`);
}

async function lockMigrations(
  connection: QueryRunner,
  { schema }: DatabaseRoles,
  log: MigrateOptions['log'],
): Promise<void> {
  const key = [`migrate ${schema}`];
  const [attempt] = (await connection.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked', key)) as [
    { locked: boolean },
  ];
  if (!attempt.locked) {
    log(`another migration of schema ${schema} is running: waiting for it`);
    await connection.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', key);
  }
  await connection.query(`SET lock_timeout TO '${LOCK_TIMEOUT}'`);
}

async function applyPending(
  dataSource: DataSource,
  connection: QueryRunner,
  log: MigrateOptions['log'],
): Promise<string[]> {
  const executor = new MigrationExecutor(dataSource, connection);
  executor.transaction = 'each';
  await assertOneHistory(dataSource, executor);
  try {
    const applied = await executor.executePendingMigrations();
    for (const { name } of applied) log(`applied ${name}`);
    return applied.map(({ name }) => name);
  } catch (cause) {
    // rolled back, so the one that failed is the first of those that still wait
    const [failed] = await executor.getPendingMigrations().catch(() => []);
    throw new DatabaseError(
      'migration_failed',
      `Migration ${failed?.name ?? '(none begun)'} of schema ${dataSource.driver.schema} failed and left no trace: ${(cause as Error).message}.`,
      { cause },
    );
  }
}

/** Nothing is built on a schema whose history is another one. A schema that is ahead needs nothing from here. */
async function assertOneHistory(dataSource: DataSource, executor: MigrationExecutor): Promise<void> {
  const known = new Set(dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name));
  const unknown = (await executor.getExecutedMigrations()).map(({ name }) => name).filter((name) => !known.has(name));
  if (unknown.length === 0 || (await executor.getPendingMigrations()).length === 0) return;
  throw new DatabaseError(
    'migrations_unknown',
    `Schema ${dataSource.driver.schema} was made by a release whose migrations this one does not know (${unknown.join(', ')}): ` +
      'nothing was changed. Run the release that made it, or begin with an empty database.',
  );
}
