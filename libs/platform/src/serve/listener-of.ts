import type { IncomingMessage } from 'node:http';

const LISTENER = Symbol('listener');

type Marked = IncomingMessage & { [LISTENER]?: string };

/** Remembers by which listener the request came in. */
export function markListener(request: IncomingMessage, listener: string): void {
  (request as Marked)[LISTENER] = listener;
}

/** The name of the listener by which the request came in; undefined for a request that no listener received. */
export function listenerOf(request: IncomingMessage | { raw: IncomingMessage }): string | undefined {
  return ('raw' in request ? (request.raw as Marked) : (request as Marked))[LISTENER];
}
