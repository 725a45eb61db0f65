import { Logger } from '@nestjs/common';
import { runtimeDataSource, type RuntimeDataSource } from '@partner-ecosystem/platform/database';
import { PublicKeyOwner } from '../records/public-key-owner.entity.js';
import { PublishedCrl } from '../records/published-crl.entity.js';
import { RegisteredClient } from '../records/registered-client.entity.js';
import { SigningKey } from '../records/signing-key.entity.js';
import { databaseRoles } from './database-roles.js';
import { FirstRelease1796083200000 } from './migrations/1796083200000-first-release.js';

const logger = new Logger('Database');

/** In the order they run. */
export const migrations = [FirstRelease1796083200000];

/** How the running service reaches Postgres: as a role that owns nothing. */
export function dataSourceOptions(url: string): RuntimeDataSource {
  return runtimeDataSource({
    url,
    schema: databaseRoles.schema,
    entities: [SigningKey, RegisteredClient, PublicKeyOwner, PublishedCrl],
    applicationName: 'token-service',
    log: (message) => logger.warn(message),
  });
}
