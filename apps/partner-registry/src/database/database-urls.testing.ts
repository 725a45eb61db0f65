import type { PostgresServer } from '@partner-ecosystem/test-postgres';
import { databaseRoles } from './database-roles.js';

export const tokenServiceRoles = {
  schema: 'token',
  ownerRole: 'token_service_owner',
  appRole: 'token_service_app',
};

export interface DatabaseUrls {
  adminUrl: string;
  /** of the role the registry runs as */
  runtimeUrl: string;
  migrationUrl: string;
  /** of the role the token service runs as */
  tokenServiceUrl: string;
}

/** The logins that a spec's database has. */
export function databaseUrlsOf({ adminUrl, urlFor }: Pick<PostgresServer, 'adminUrl' | 'urlFor'>): DatabaseUrls {
  return {
    adminUrl,
    runtimeUrl: urlFor(databaseRoles.appRole, 'app-secret'),
    migrationUrl: urlFor('partner_registry_migrator', 'migrator-secret'),
    tokenServiceUrl: urlFor(tokenServiceRoles.appRole, 'token-service-secret'),
  };
}
