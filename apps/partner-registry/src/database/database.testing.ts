import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { migrate, prepareDatabase } from '@partner-ecosystem/platform/database';
import { startPostgres } from '@partner-ecosystem/test-postgres';
import pg from 'pg';
import { migrations } from './data-source.js';
import { databaseRoles } from './database-roles.js';

export interface TestDatabase {
  adminUrl: string;
  /** of the role the registry runs as */
  runtimeUrl: string;
  migrationUrl: string;
  /** of the role the token service runs as */
  tokenServiceUrl: string;
  /** one statement on a connection of its own, as the registry's role unless another URL is given */
  // Rows are whatever the statement selects, for specs to compare.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  query(sql: string, values?: unknown[], url?: string): Promise<any[]>;
  stop(): Promise<void>;
}

const tokenServiceRoles = { schema: 'token', ownerRole: 'token_service_owner', appRole: 'token_service_app' };

/** A new Postgres, prepared and migrated the way the commands do it. */
export async function startDatabase(): Promise<TestDatabase> {
  const server = await startPostgres();
  const { adminUrl } = server;
  const runtimeUrl = server.urlFor(databaseRoles.appRole, 'app-secret');
  const migrationUrl = server.urlFor('partner_registry_migrator', 'migrator-secret');
  const tokenServiceUrl = server.urlFor(tokenServiceRoles.appRole, 'token-service-secret');
  const log = () => undefined;
  await prepareDatabase({ adminUrl, runtimeUrl, migrationUrl, roles: databaseRoles, log });
  await prepareDatabase({ adminUrl, runtimeUrl: tokenServiceUrl, migrationUrl, roles: tokenServiceRoles, log });
  await migrate({ url: migrationUrl, roles: databaseRoles, migrations, log });
  await migrateTokenService(migrationUrl);
  return {
    ...{ adminUrl, runtimeUrl, migrationUrl, tokenServiceUrl },
    query: (sql, values, url = runtimeUrl) => queryOver(url, sql, values),
    stop: async () => {
      await closedConnections(adminUrl);
      await server.stop();
    },
  };
}

// The registry calls a function of the token service's, and no app imports another: its built command is run as an
// operator runs it (`npx nx build token-service` makes it).
async function migrateTokenService(migrationUrl: string): Promise<void> {
  const command = fileURLToPath(new URL('../../../token-service/dist/commands/migrate.js', import.meta.url));
  await promisify(execFile)(process.execPath, [command], { env: { MIGRATION_DATABASE_URL: migrationUrl } });
}

// A pool has said goodbye to its connections before Postgres has heard it. Ending Postgres in between makes noise.
async function closedConnections(adminUrl: string): Promise<void> {
  const sql = `SELECT 1 FROM pg_stat_activity WHERE usename <> 'postgres' AND backend_type = 'client backend'`;
  for (let attempt = 0; attempt < 20; attempt++) {
    const open = await queryOver(adminUrl, sql, []).catch(() => []);
    if (open.length === 0) return;
    await sleep(25);
  }
}

async function queryOver(url: string, sql: string, values: unknown[] | undefined) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}
