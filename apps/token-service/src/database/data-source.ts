import { runtimeDataSource } from '@partner-ecosystem/platform/database';
import type { DataSourceOptions } from 'typeorm';
import { RegisteredClient } from '../clients/registered-client.entity.js';
import { SigningKey } from '../signing-keys/signing-key.entity.js';
import { databaseRoles } from './database-roles.js';
import { SigningKeys1763800000000 } from './migrations/1763800000000-signing-keys.js';

/** In the order they run. */
export const migrations = [SigningKeys1763800000000];

/** How the running service reaches Postgres: as a role that owns nothing. */
export function dataSourceOptions(url: string): DataSourceOptions {
  return runtimeDataSource({
    url,
    schema: databaseRoles.schema,
    entities: [SigningKey, RegisteredClient],
    applicationName: 'token-service',
  });
}
