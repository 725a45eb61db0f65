import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { migrate, prepareDatabase } from '@partner-ecosystem/platform/database';
import { startPostgres, type PostgresTemplate } from '@partner-ecosystem/test-postgres';
import type { TestProject } from 'vitest/node';
import { migrations } from './data-source.js';
import { databaseRoles } from './database-roles.js';
import { databaseUrlsOf, tokenServiceRoles } from './database-urls.testing.js';

declare module 'vitest' {
  export interface ProvidedContext {
    migratedDatabase: PostgresTemplate;
  }
}

/** Before the first spec: a Postgres prepared and migrated the way the commands do it, for each of them to begin with. */
export default async function migratedDatabase(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  const { adminUrl } = server;
  const { runtimeUrl, migrationUrl, tokenServiceUrl } = databaseUrlsOf(server);
  const log = () => undefined;
  await prepareDatabase({ adminUrl, runtimeUrl, migrationUrl, roles: databaseRoles, log });
  await prepareDatabase({ adminUrl, runtimeUrl: tokenServiceUrl, migrationUrl, roles: tokenServiceRoles, log });
  await migrate({ url: migrationUrl, roles: databaseRoles, migrations, log });
  await migrateTokenService(migrationUrl);
  project.provide('migratedDatabase', await server.asTemplate());
  return () => server.stop();
}

// The registry calls a function of the token service's, and no app imports another: its built command is run as an
// operator runs it (`npx nx build token-service` makes it).
async function migrateTokenService(migrationUrl: string): Promise<void> {
  const command = fileURLToPath(new URL('../../../token-service/dist/commands/migrate.js', import.meta.url));
  await promisify(execFile)(process.execPath, [command], { env: { MIGRATION_DATABASE_URL: migrationUrl } });
}
