export {
  startPostgres,
  type PostgresServer,
  type PostgresTemplate,
  type StartPostgresOptions,
} from './start-postgres.js';
export { TestPostgresError, type TestPostgresErrorCode } from './test-postgres-error.js';
export { databaseTroubles, type DatabaseTrouble, type TroubledDatabase } from './database-troubles.js';
