import { z } from 'zod';
import { postgresUrl, readConfig } from '../config/index.js';
import { migrate, prepareDatabase, type DatabaseRoles, type MigrateOptions } from '../database/index.js';
import type { Command } from './run-command.js';

type Environment = Readonly<Record<string, string | undefined>>;

const PREPARE_VARIABLES = {
  DATABASE_ADMIN_URL: postgresUrl(),
  DATABASE_URL: postgresUrl(),
  MIGRATION_DATABASE_URL: postgresUrl().optional(),
};

/** `prepare-database`: schema and roles, once per database, by an administrator. */
export function prepareDatabaseCommand(roles: DatabaseRoles, environment: Environment): Command {
  return {
    name: 'prepare-database',
    summary: `creates the schema "${roles.schema}" and the roles "${roles.ownerRole}" and "${roles.appRole}"; safe to run again`,
    variables: {
      DATABASE_ADMIN_URL: 'a login that may create roles (PostgreSQL 18 or newer)',
      DATABASE_URL: `what the app will use; its user must be ${roles.appRole}, its password is set`,
      MIGRATION_DATABASE_URL: 'optional: a login that migrate will use; it may become the owner',
    },
    run: async (_, progress) => {
      const given = readConfig(z.object(PREPARE_VARIABLES), environment);
      const urls = {
        adminUrl: given.DATABASE_ADMIN_URL,
        runtimeUrl: given.DATABASE_URL,
        migrationUrl: given.MIGRATION_DATABASE_URL,
      };
      await prepareDatabase({ ...urls, roles, log: progress });
      return `The database is prepared for schema "${roles.schema}".`;
    },
  };
}

/** `migrate`: brings the schema up to date. Apps never migrate when they start. */
export function migrateCommand(
  roles: DatabaseRoles,
  migrations: MigrateOptions['migrations'],
  environment: Environment,
): Command {
  return {
    name: 'migrate',
    summary: `brings the schema "${roles.schema}" up to date; safe to run again, and twice at once`,
    variables: { MIGRATION_DATABASE_URL: `a login that may become ${roles.ownerRole}` },
    run: async (_, progress) => {
      const given = readConfig(z.object({ MIGRATION_DATABASE_URL: postgresUrl() }), environment);
      const applied = await migrate({ url: given.MIGRATION_DATABASE_URL, roles, migrations, log: progress });
      return applied.length === 0 ? 'Nothing to do.' : `Applied ${applied.length}: ${applied.join(', ')}`;
    },
  };
}
