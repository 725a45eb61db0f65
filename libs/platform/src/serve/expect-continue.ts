import type { ServerResponse } from 'node:http';

const held = new WeakMap<ServerResponse, boolean>();

/**
 * RFC 9110 section 10.1.1: the caller waits for a word before it sends its body. Until it gets one, an answer ends the
 * connection: the body may follow all the same, and would be read as the next request.
 */
export function holdContinue(response: ServerResponse): void {
  held.set(response, response.shouldKeepAlive);
  response.shouldKeepAlive = false;
}

/** Says `100 Continue` to a caller that waits for it: nothing stands against its request but what is in the body. */
export function sendContinue(response: ServerResponse): void {
  const keepAlive = held.get(response);
  if (keepAlive === undefined) return;
  held.delete(response);
  response.writeContinue();
  response.shouldKeepAlive = keepAlive;
}
