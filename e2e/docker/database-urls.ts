import { randomBytes } from 'node:crypto';
import type { AppName } from '../stack/topology.js';

const HOST = 'postgres:5432/partner_ecosystem';

/** Logins of the stack's Postgres, with passwords made now. */
export interface DatabaseSecrets {
  superuserPassword: string;
  adminUrl: string;
  /** what each app runs with */
  appUrls: Record<AppName, string>;
  /** what migrations run with: may become the owner of one schema, and has no rights on data */
  migrationUrls: Record<AppName, string>;
}

export function databaseSecrets(): DatabaseSecrets {
  const superuserPassword = password();
  const perApp = (suffix: string): Record<AppName, string> => ({
    'token-service': url(`token_service_${suffix}`, password()),
    'partner-registry': url(`partner_registry_${suffix}`, password()),
    'resource-api': url(`resource_api_${suffix}`, password()),
  });
  return {
    superuserPassword,
    adminUrl: url('postgres', superuserPassword),
    appUrls: perApp('app'),
    migrationUrls: perApp('migrator'),
  };
}

function password(): string {
  return randomBytes(24).toString('base64url');
}

function url(user: string, secret: string): string {
  return `postgresql://${user}:${secret}@${HOST}`;
}
