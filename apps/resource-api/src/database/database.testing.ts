import { migrate, prepareDatabase } from '@partner-ecosystem/platform/database';
import { startPostgres } from '@partner-ecosystem/test-postgres';
import { migrations } from './data-source.js';
import { databaseRoles } from './database-roles.js';

export interface TestDatabase {
  adminUrl: string;
  /** of the role the API runs as */
  runtimeUrl: string;
  stop(): Promise<void>;
}

/** A new Postgres, prepared and migrated the way the commands do it. */
export async function startDatabase(): Promise<TestDatabase> {
  const server = await startPostgres();
  const runtimeUrl = server.urlFor(databaseRoles.appRole, 'app-secret');
  const migrationUrl = server.urlFor('resource_api_migrator', 'migrator-secret');
  const log = () => undefined;
  await prepareDatabase({ adminUrl: server.adminUrl, runtimeUrl, migrationUrl, roles: databaseRoles, log });
  await migrate({ url: migrationUrl, roles: databaseRoles, migrations, log });
  return { adminUrl: server.adminUrl, runtimeUrl, stop: () => server.stop() };
}
