/** Why Postgres could not be used, when it is not because of what was asked of it. */
export type DatabaseUnavailability =
  /** not reachable, stopping, starting, or it refuses the login */
  | 'away'
  /** no connection, memory or disk left */
  | 'full'
  /** another transaction held what was needed for too long, or the two waited for each other */
  | 'locked'
  | 'too_slow'
  /** a standby, or a server that was told to refuse writes */
  | 'read_only';

/** By SQLSTATE or its class (PostgreSQL, appendix A), by Node's code, and by the codes of our own errors. */
const BY_CODE: Readonly<Record<string, DatabaseUnavailability>> = {
  '08': 'away', // connection exception
  '28': 'away', // the login is refused: the password was changed, pg_hba.conf
  '3D000': 'away', // the database is not there
  '53': 'full', // insufficient resources: 53100 disk, 53200 memory, 53300 connections
  '57': 'away', // operator intervention: 57P01 shutdown, 57P02 crash, 57P03 starting
  '57014': 'too_slow', // statement_timeout
  '58': 'full', // I/O error: a disk that fails
  '25P03': 'too_slow', // idle_in_transaction_session_timeout
  '25P04': 'too_slow', // transaction_timeout
  '25006': 'read_only',
  '40': 'locked', // 40001 serialization failure, 40P01 deadlock
  '55P03': 'locked', // lock_timeout, NOWAIT
  ECONNREFUSED: 'away',
  ECONNRESET: 'away',
  ECONNABORTED: 'away',
  EPIPE: 'away',
  ETIMEDOUT: 'away',
  ENOTFOUND: 'away',
  EHOSTUNREACH: 'away',
  ENETUNREACH: 'away',
  EAI_AGAIN: 'away',
  EMFILE: 'full', // no descriptor left, for a connection too
  ENFILE: 'full',
  connection_failed: 'away',
  ping_timeout: 'too_slow',
  database_late: 'too_slow',
  turn_timeout: 'locked',
};

/** `pg`, its pool and TypeORM have no codes for these. TypeORM says the last ones of a connection that ended between two queries. */
const BY_TEXT: readonly (readonly [RegExp, DatabaseUnavailability])[] = [
  [/^timeout exceeded when trying to connect/, 'full'], // no free connection in the pool
  [/^(?:Query read timeout|timeout expired)/, 'too_slow'],
  [/^(?:Connection terminated|Client was closed|Cannot use a pool after calling end)/, 'away'],
  [/^Client has encountered a connection error/, 'away'],
  [/^(?:Query runner|Database connection provided by a query runner was) already released/, 'away'],
  [/^Transaction is not started yet/, 'away'],
];

const DEEPEST = 8;

/**
 * The one place that tells an outage from a mistake: what it knows is 503, everything else that a database says is a bug.
 * Looks through `cause`, TypeORM's `driverError` and the parts of an AggregateError.
 */
export function whyDatabaseUnavailable(thrown: unknown, depth = 0): DatabaseUnavailability | undefined {
  if (!(thrown instanceof Error) || depth > DEEPEST) return undefined;
  const { code, driverError, errors } = thrown as { code?: unknown; driverError?: unknown; errors?: unknown };
  const own = byCode(code) ?? BY_TEXT.find(([text]) => text.test(thrown.message))?.[1];
  if (own) return own;
  for (const inner of [driverError, thrown.cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])]) {
    const why = inner === thrown ? undefined : whyDatabaseUnavailable(inner, depth + 1);
    if (why) return why;
  }
  return undefined;
}

function byCode(code: unknown): DatabaseUnavailability | undefined {
  if (typeof code !== 'string') return undefined;
  if (Object.hasOwn(BY_CODE, code)) return BY_CODE[code];
  return /^[0-9][0-9A-Z]{4}$/.test(code) ? BY_CODE[code.slice(0, 2)] : undefined;
}
