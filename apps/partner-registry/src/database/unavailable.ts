// 08: connection exceptions, 53: insufficient resources, 57P: the server is being stopped or started;
// 55P03 and 40: somebody else held what was needed for too long, or the two of them waited for each other
const SERVER_STATES = /^(?:08|53|57P|55P03|40P01|40001)/;
const SOCKET_FAULTS = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND']);
// pg has no code for these
const DRIVER_TEXTS =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/;

/** Whether an error only says that Postgres cannot be reached now: trying again later may help. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && (SERVER_STATES.test(code) || SOCKET_FAULTS.has(code))) return true;
  return DRIVER_TEXTS.test(error.message) || isDatabaseUnavailable((error as { driverError?: unknown }).driverError);
}
