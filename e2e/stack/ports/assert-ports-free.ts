import { StackError } from '../stack-error.js';
import type { StackPorts } from '../topology.js';
import { SUGGESTED_OFFSET } from './default-ports.js';
import { isPortFree } from './is-port-free.js';
import { portOf, PORT_VARIABLES } from './port-variables.js';

/** Throws StackError `port_busy` naming every busy port and the variable that moves it. */
export async function assertPortsFree(ports: StackPorts): Promise<void> {
  const busy: string[] = [];
  for (const { app, listener, variable } of PORT_VARIABLES) {
    const port = portOf(ports, { app, listener });
    if (!(await isPortFree(port))) busy.push(`  port ${port} (${app}, ${listener}): set ${variable}`);
  }
  if (busy.length === 0) return;
  throw new StackError(
    'port_busy',
    `Nothing was started: ${busy.length === 1 ? 'a port is' : 'ports are'} already in use.\n${busy.join('\n')}\n` +
      `PORT_OFFSET=${SUGGESTED_OFFSET} moves all of them at once; for one more stack take ${2 * SUGGESTED_OFFSET}, and so on.`,
  );
}
