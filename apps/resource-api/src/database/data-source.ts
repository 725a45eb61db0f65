import { Logger } from '@nestjs/common';
import { runtimeDataSource, type RuntimeDataSource } from '@partner-ecosystem/platform/database';
import { Shipment } from '../shipments/shipment.entity.js';
import { databaseRoles } from './database-roles.js';
import { CreateShipments1763800000000 } from './migrations/1763800000000-create-shipments.js';

const logger = new Logger('Database');

/** In the order they run. */
export const migrations = [CreateShipments1763800000000];

/** How the running API reaches Postgres: as a role that owns nothing. */
export function dataSourceOptions(url: string): RuntimeDataSource {
  return runtimeDataSource({
    url,
    schema: databaseRoles.schema,
    entities: [Shipment],
    applicationName: 'resource-api',
    log: (message) => logger.warn(message),
  });
}
