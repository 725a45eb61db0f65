import type { Socket } from 'node:net';
import type { AuthenticatedHop } from './authenticated-hop.js';

/** Set by `net.Server` on every connection that it accepts; `address()` is a path for a Unix socket and nothing else. */
interface Accepted extends Socket {
  readonly server?: { address?(): unknown };
}

/** The connection came in on a Unix socket: its file's permissions say who may connect. */
export function unixSocketHop(): AuthenticatedHop {
  // That a remote address is missing proves nothing: a TCP connection that was cut has none either.
  return (socket: Accepted) => typeof socket.server?.address?.() === 'string';
}
