import { randomInt } from 'node:crypto';
import type { ListenerPorts, StackPorts } from '../topology.js';
import { isPortFree } from './is-port-free.js';

// Below every system's range for outgoing connections (Linux begins at 32768): a port found free here is not taken by a
// connection of our own before its app listens on it.
const LOWEST = 15_000;
const HIGHEST = 32_000;

/** Ten ports nobody listens on at this moment. */
export async function freePorts(): Promise<StackPorts> {
  const taken = new Set<number>();
  const app = async (): Promise<ListenerPorts> => ({
    tls: await freePort(taken),
    mtls: await freePort(taken),
    management: await freePort(taken),
  });
  const registry = { ...(await app()), http: await freePort(taken) };
  return { 'token-service': await app(), 'partner-registry': registry, 'resource-api': await app() };
}

async function freePort(taken: Set<number>): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    if (taken.has(port) || !(await isPortFree(port))) continue;
    taken.add(port);
    return port;
  }
}
