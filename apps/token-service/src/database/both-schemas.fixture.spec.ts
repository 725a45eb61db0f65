import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { migrate, prepareDatabase } from '@partner-ecosystem/platform/database';
import { startPostgres, type PostgresServer } from '@partner-ecosystem/test-postgres';
import pg from 'pg';
import { migrations } from './data-source.js';
import { databaseRoles } from './database-roles.js';

const run = promisify(execFile);
const command = (name: string) =>
  fileURLToPath(new URL(`../../../partner-registry/dist/commands/${name}.js`, import.meta.url));

export interface BothSchemas {
  readonly postgres: PostgresServer;
  /** As superuser, to set the scene. */
  readonly admin: pg.Client;
  /** Of the running service. */
  readonly databaseUrl: string;
  /** Of the running registry. */
  readonly registryUrl: string;
  stop(): Promise<void>;
}

/** A Postgres with the registry's schema, made by the registry's own built commands, and this service's. */
export async function startBothSchemas(): Promise<BothSchemas> {
  const postgres = await startPostgres();
  const { adminUrl } = postgres;
  const databaseUrl = postgres.urlFor(databaseRoles.appRole, randomBytes(12).toString('hex'));
  const registryUrl = postgres.urlFor('partner_registry_app', randomBytes(12).toString('hex'));
  const log = () => undefined;
  await prepareDatabase({ adminUrl, runtimeUrl: databaseUrl, roles: databaseRoles, log });
  await registryCommand('prepare-database', { DATABASE_ADMIN_URL: adminUrl, DATABASE_URL: registryUrl });
  await registryCommand('migrate', { MIGRATION_DATABASE_URL: adminUrl });
  await migrate({ url: adminUrl, roles: databaseRoles, migrations, log });
  const admin = new pg.Client({ connectionString: adminUrl });
  admin.on('error', () => undefined);
  await admin.connect();
  const stop = async () => {
    await admin.end();
    await postgres.stop();
  };
  return { postgres, admin, databaseUrl, registryUrl, stop };
}

async function registryCommand(name: string, env: Record<string, string>): Promise<void> {
  await run(process.execPath, [command(name)], { env: { PATH: process.env['PATH'] ?? '', ...env } });
}
