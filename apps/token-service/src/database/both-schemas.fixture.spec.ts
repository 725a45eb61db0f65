import { startPostgres, type PostgresServer } from '@partner-ecosystem/test-postgres';
import pg from 'pg';
import { inject } from 'vitest';
import { databaseRoles } from './database-roles.js';
import type {} from './migrated-schemas.fixture.spec.js';

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

/** A Postgres of its own with the registry's schema and this service's, and nothing in them. */
export async function startBothSchemas(): Promise<BothSchemas> {
  const { template, databasePassword, registryPassword } = inject('migratedSchemas');
  const postgres = await startPostgres({ template });
  const admin = new pg.Client({ connectionString: postgres.adminUrl });
  admin.on('error', () => undefined);
  await admin.connect();
  const stop = async () => {
    await admin.end();
    await postgres.stop();
  };
  const databaseUrl = postgres.urlFor(databaseRoles.appRole, databasePassword);
  return { postgres, admin, databaseUrl, registryUrl: postgres.urlFor('partner_registry_app', registryPassword), stop };
}
