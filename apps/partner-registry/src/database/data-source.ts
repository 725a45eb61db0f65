import { runtimeDataSource } from '@partner-ecosystem/platform/database';
import type { DataSourceOptions } from 'typeorm';
import { Certificate } from '../certificates/certificate.entity.js';
import { PublicKey } from '../certificates/public-key.entity.js';
import { Client } from '../clients/client.entity.js';
import { Grant } from '../grants/grant.entity.js';
import { Partner } from '../partners/partner.entity.js';
import { ResourceServer } from '../resource-servers/resource-server.entity.js';
import { Scope } from '../resource-servers/scope.entity.js';
import { SERVICE } from '../service.js';
import { databaseRoles } from './database-roles.js';
import { FirstRegistry1763800000000 } from './migrations/1763800000000-first-registry.js';

/** In the order they run. */
export const migrations = [FirstRegistry1763800000000];

/** How the running registry reaches Postgres: as a role that owns nothing and deletes nothing. */
export function dataSourceOptions(url: string): DataSourceOptions {
  return runtimeDataSource({
    url,
    schema: databaseRoles.schema,
    entities: [Partner, Client, Certificate, PublicKey, ResourceServer, Scope, Grant],
    applicationName: SERVICE.name,
  });
}
