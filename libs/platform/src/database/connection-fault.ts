const ADVICE: Readonly<Record<string, string>> = {
  '28P01': 'the password is wrong, or the login does not exist: compare it with what prepare-database set',
  '28000': 'the login does not exist, may not log in, or pg_hba.conf does not let it in from here',
  '3D000': 'the database does not exist: create it with prepare-database, or correct its name',
  '42501': 'the login lacks a privilege on the database: run prepare-database',
  '53300': 'the server has no connection left: raise max_connections or use a smaller pool',
  '57P03': 'the server is starting up or shutting down',
  '08P01': 'it does not speak the protocol of PostgreSQL',
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name of the host is not known',
  EAI_AGAIN: 'the name of the host cannot be looked up right now',
  ECONNRESET: 'the connection was cut',
  ETIMEDOUT: 'nothing answers there',
  EHOSTUNREACH: 'there is no way to that host',
};

interface Fault {
  readonly message?: string;
  readonly code?: string;
  readonly errors?: readonly Fault[];
}

/** Why Postgres cannot be used, as one sentence that says where, as whom, what it said and what to do; without the password. */
export function connectionFault(error: unknown, url: string): string {
  const { hostname, port, pathname, username } = new URL(url);
  const at = `${hostname}:${port || '5432'}, database "${decodeURIComponent(pathname.slice(1))}"`;
  // of several addresses of one name, each was tried
  const { message, code } = withCode(error as Fault);
  const said = [message, code].filter((part) => part !== undefined && part !== '').join(', ');
  const advice = ADVICE[code ?? ''];
  return `Cannot use PostgreSQL at ${at}, as "${decodeURIComponent(username)}": ${said || 'no reason was given'}${advice ? `: ${advice}` : ''}.`;
}

function withCode(fault: Fault): Fault {
  const [first] = fault.errors ?? [];
  return first === undefined || (fault.message !== undefined && fault.message !== '') ? fault : first;
}
