import type { FastifyRequest } from 'fastify';
import type { AuthenticationAttempt } from './authentication-attempt.js';

const ATTEMPT = Symbol('attempt');

// On the request itself: an entry in a WeakMap for each request is work for the garbage collector.
type Attempting = FastifyRequest & { [ATTEMPT]?: AuthenticationAttempt };

export function attachAttempt(request: FastifyRequest, attempt: AuthenticationAttempt): void {
  (request as Attempting)[ATTEMPT] = attempt;
}

export function findAttempt(request: FastifyRequest): AuthenticationAttempt | undefined {
  return (request as Attempting)[ATTEMPT];
}

/** @throws TypeError for a request that was not let in: nothing may be issued to it */
export function attemptOf(request: FastifyRequest): AuthenticationAttempt {
  const attempt = (request as Attempting)[ATTEMPT];
  if (!attempt) throw new TypeError('no attempt was begun for this request');
  return attempt;
}
