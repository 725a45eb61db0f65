export { DatabaseError, type DatabaseErrorCode } from './database-error.js';
export { type DatabaseRoles } from './database-roles.js';
export { assertLeastPrivilege } from './least-privilege.js';
export { migrate, type MigrateOptions } from './migrate.js';
export { pingDatabase } from './ping-database.js';
export { prepareDatabase, type PrepareDatabaseOptions } from './prepare-database.js';
export { PreparedStatement } from './prepared-statement.js';
export { whyDatabaseUnavailable, type DatabaseUnavailability } from './why-database-unavailable.js';
export { runtimeDataSource, type RuntimeDataSource, type RuntimeDataSourceOptions } from './runtime-data-source.js';
