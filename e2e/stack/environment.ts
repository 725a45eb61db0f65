import { DEFAULT_PORTS } from './ports/default-ports.js';
import { portOf, PORT_VARIABLES } from './ports/port-variables.js';
import { StackError } from './stack-error.js';
import type { StackPorts } from './topology.js';

/** What the person who starts the stack chose. */
export interface Environment {
  ports: StackPorts;
  /** a PostgreSQL >= 18 of their own instead of the embedded one */
  databaseAdminUrl: string | undefined;
  /** where `npm start` writes what they need; relative to the repository's root */
  localDirectory: string;
  noColor: boolean;
  /** npm runs scripts below a shell that dies of a signal without passing it on */
  underNpm: boolean;
}

/** Throws StackError `environment_invalid` with every fault, one per line, never a value of DATABASE_ADMIN_URL. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const faults: string[] = [];
  const ports = readPorts(variables, faults);
  const databaseAdminUrl = variables['DATABASE_ADMIN_URL'] || undefined;
  if (databaseAdminUrl !== undefined && !isPostgresUrl(databaseAdminUrl)) {
    faults.push('DATABASE_ADMIN_URL must be a URL like postgresql://admin:secret@127.0.0.1:5432/postgres.');
  }
  if (faults.length > 0) throw new StackError('environment_invalid', faults.join('\n'));
  return {
    ports,
    databaseAdminUrl,
    localDirectory: variables['LOCAL_DIRECTORY'] || '.local',
    // https://no-color.org: set and not empty, whatever the value
    noColor: Boolean(variables['NO_COLOR']),
    underNpm: variables['npm_lifecycle_event'] !== undefined,
  };
}

function readPorts(variables: NodeJS.ProcessEnv, faults: string[]): StackPorts {
  const ports = structuredClone(DEFAULT_PORTS);
  const offset = wholeNumber(variables['PORT_OFFSET'] || '0');
  if (offset === undefined) faults.push('PORT_OFFSET must be a whole number.');
  const owners = new Map<number, string>();
  for (const { app, listener, variable } of PORT_VARIABLES) {
    const given = variables[variable] || undefined;
    const port = given === undefined ? portOf(DEFAULT_PORTS, { app, listener }) + (offset ?? 0) : wholeNumber(given);
    if (port === undefined || port < 1 || port > 65_535) {
      faults.push(`${given === undefined ? 'PORT_OFFSET' : variable} must give a port from 1 to 65535 (${variable}).`);
      continue;
    }
    const owner = owners.get(port);
    if (owner !== undefined)
      faults.push(`${variable} and ${owner} are both ${port}: each listener needs its own port.`);
    owners.set(port, variable);
    ports[app][listener] = port;
  }
  return ports;
}

function wholeNumber(text: string): number | undefined {
  return /^-?\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text) && URL.canParse(text);
}
