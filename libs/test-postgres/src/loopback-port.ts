import { createServer, type AddressInfo } from 'node:net';
import { TestPostgresError } from './test-postgres-error.js';

export const LOOPBACK = '127.0.0.1';

/** A port of 127.0.0.1 nobody listens on at this moment: the wanted one (code `port_busy` when taken) or any. */
export async function freeLoopbackPort(wanted?: number): Promise<number> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen({ host: LOOPBACK, port: wanted ?? 0, exclusive: true }, resolve);
    });
  } catch (cause) {
    throw busyPort(wanted, cause);
  }
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function busyPort(port: number | undefined, cause?: unknown): TestPostgresError {
  const reason = cause instanceof Error ? ` (${cause.message})` : '';
  return new TestPostgresError(
    'port_busy',
    `Postgres cannot listen on ${LOOPBACK} port ${port ?? 'any'}${reason}: choose another port or stop what uses it.`,
    { cause },
  );
}
