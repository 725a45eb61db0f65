export { startPostgres, type PostgresServer, type StartPostgresOptions } from './start-postgres.js';
export { TestPostgresError, type TestPostgresErrorCode } from './test-postgres-error.js';
