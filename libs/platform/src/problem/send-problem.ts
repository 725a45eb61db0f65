import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Problem } from './problem.js';

export const PROBLEM_TYPE = 'application/problem+json';

/** Seconds, where nobody knows better. */
const RETRY_AFTER = '5';

/**
 * Answers with the problem. A header that is already on the reply wins over the problem's own (a challenge set by a
 * guard stays). 429 and 503 always say when to try again. An answer that has begun cannot be changed any more: its connection is cut, so that the caller does
 * not take half an answer for a whole one.
 */
export function sendProblem(response: FastifyReply | ServerResponse, problem: Problem, requestId: string): void {
  const raw = 'raw' in response ? response.raw : response;
  if (raw.headersSent) {
    if (!raw.writableEnded) raw.destroy();
    return;
  }
  const body = JSON.stringify(problem.body(requestId));
  for (const [name, value] of Object.entries({ ...retryAfter(problem), ...problem.headers })) {
    if (response.getHeader(name) === undefined) setHeader(response, name, value);
  }
  setHeader(response, 'content-type', PROBLEM_TYPE);
  if ('raw' in response) {
    // A handler that failed may have announced the length of the answer it did not give.
    // As bytes, because Fastify adds a charset to text, which this type does not have.
    void response.removeHeader('content-length').code(problem.status).send(Buffer.from(body));
    return;
  }
  const length = Buffer.byteLength(body);
  response.writeHead(problem.status, { 'x-request-id': requestId, 'content-length': length }).end(body);
}

function retryAfter({ status }: Problem): Record<string, string> {
  return status === 429 || status === 503 ? { 'retry-after': RETRY_AFTER } : {};
}

function setHeader(response: FastifyReply | ServerResponse, name: string, value: string): void {
  if ('raw' in response) void response.header(name, value);
  else response.setHeader(name, value);
}
