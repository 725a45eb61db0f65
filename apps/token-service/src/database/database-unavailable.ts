import { DatabaseLateError } from './answered-within.js';

/** Connection refused, reset, timed out, name not found: as Node says it. */
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EAI_AGAIN',
]);
/** SQLSTATE classes: 08 connection exception, 53 insufficient resources, 57 operator intervention (shutdown, cancelled). */
const SQLSTATE_CLASSES = ['08', '53', '57'];
/** `pg` and its pool have no codes for these. */
const DRIVER_TEXTS = [
  'timeout exceeded when trying to connect',
  'Connection terminated',
  'Query read timeout',
  'Client has encountered a connection error',
];

/**
 * Whether something failed because Postgres could not be had, rather than because of what was asked of it.
 * Looks through `cause` and TypeORM's `driverError`.
 */
export function databaseUnavailable(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  if (thrown instanceof DatabaseLateError) return true;
  const { code, driverError } = thrown as { code?: unknown; driverError?: unknown };
  if (typeof code === 'string' && (SOCKET_CODES.has(code) || isSqlState(code))) return true;
  if (DRIVER_TEXTS.some((text) => thrown.message.startsWith(text))) return true;
  return [driverError, thrown.cause].some((inner) => inner !== thrown && databaseUnavailable(inner));
}

function isSqlState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && SQLSTATE_CLASSES.includes(code.slice(0, 2));
}
