import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { migrate, prepareDatabase } from '@partner-ecosystem/platform/database';
import { startPostgres, type PostgresTemplate } from '@partner-ecosystem/test-postgres';
import type { TestProject } from 'vitest/node';
import { migrations } from './data-source.js';
import { databaseRoles } from './database-roles.js';

const run = promisify(execFile);
const command = (name: string) =>
  fileURLToPath(new URL(`../../../partner-registry/dist/commands/${name}.js`, import.meta.url));

declare module 'vitest' {
  export interface ProvidedContext {
    migratedSchemas: { template: PostgresTemplate; databasePassword: string; registryPassword: string };
  }
}

/**
 * Before the first spec: a Postgres with the registry's schema, made by the registry's own built commands, and this
 * service's, for specs to begin with.
 */
export default async function migratedSchemas(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startPostgres();
  const { adminUrl } = postgres;
  const [databasePassword, registryPassword] = [randomBytes(12).toString('hex'), randomBytes(12).toString('hex')];
  const runtimeUrl = postgres.urlFor(databaseRoles.appRole, databasePassword);
  const registryUrl = postgres.urlFor('partner_registry_app', registryPassword);
  const log = () => undefined;
  await prepareDatabase({ adminUrl, runtimeUrl, roles: databaseRoles, log });
  await registryCommand('prepare-database', { DATABASE_ADMIN_URL: adminUrl, DATABASE_URL: registryUrl });
  await registryCommand('migrate', { MIGRATION_DATABASE_URL: adminUrl });
  await migrate({ url: adminUrl, roles: databaseRoles, migrations, log });
  project.provide('migratedSchemas', { template: await postgres.asTemplate(), databasePassword, registryPassword });
  return () => postgres.stop();
}

async function registryCommand(name: string, env: Record<string, string>): Promise<void> {
  await run(process.execPath, [command(name)], { env: { PATH: process.env['PATH'] ?? '', ...env } });
}
