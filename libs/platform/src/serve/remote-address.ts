import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

const sources = new WeakMap<Socket, string>();

/** Remembers who is behind a connection that a balancer opened. */
export function rememberSource(socket: Socket, address: string): void {
  sources.set(socket, address);
}

/**
 * The address a request came from: what a trusted balancer said by the PROXY protocol, otherwise the peer's own;
 * undefined when the connection is gone. Headers such as `X-Forwarded-For` are never believed.
 */
export function remoteAddressOf(request: IncomingMessage | { raw: IncomingMessage }): string | undefined {
  const { socket } = 'raw' in request ? request.raw : request;
  return sources.get(socket) ?? socket.remoteAddress;
}
