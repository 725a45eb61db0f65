import type { DataSourceOptions } from 'typeorm';
import { connectionFault } from './connection-fault.js';
import { PoolConnection } from './pool-connection.js';
import { QuietLogger } from './quiet-logger.js';

export interface RuntimeDataSourceOptions {
  url: string;
  schema: string;
  /** Classes by name, never globs. */
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type for a class
  entities: Function[];
  /** Shown in pg_stat_activity. */
  applicationName: string;
  /** Connections per process; default 10. */
  poolSize?: number;
  /** Is told of connections lost while idle, and at the start why Postgres cannot be used. */
  log: (message: string) => void;
}

/** What TypeORM takes, and for `TypeOrmModule` what to do while there is no connection at the start. */
export type RuntimeDataSource = DataSourceOptions & { toRetry: (error: unknown) => boolean };

const CONNECT_TIMEOUT_MS = 5_000; // also the longest wait for a free connection of the pool
const STATEMENT_TIMEOUT_MS = 10_000;
const LOCK_TIMEOUT_MS = 5_000;
const IDLE_IN_TRANSACTION_MS = 15_000;
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000; // for a server that vanished without closing the connection
const KEEP_ALIVE_MS = 10_000;

/**
 * How a running application reaches its own schema: never migrates, never synchronizes, installs no extension, and every wait is
 * bounded. A parameter in the URL (`?statement_timeout=…`) wins over the same one here.
 * Does not check: what the login may do; that is assertLeastPrivilege.
 */
export function runtimeDataSource(options: RuntimeDataSourceOptions): RuntimeDataSource {
  const { url, schema, entities, applicationName, poolSize = 10 } = options;
  return {
    type: 'postgres',
    url,
    schema,
    entities,
    applicationName,
    poolSize,
    synchronize: false,
    migrationsRun: false,
    installExtensions: false,
    uuidExtension: 'pgcrypto', // TypeORM's word for gen_random_uuid(), which is built in
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    logging: ['error', 'warn'],
    logger: new QuietLogger(options.log),
    toRetry: (error) => {
      options.log(connectionFault(error, url));
      return true;
    },
    extra: {
      Client: PoolConnection,
      options: `-c search_path=${schema}`,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    },
  };
}
