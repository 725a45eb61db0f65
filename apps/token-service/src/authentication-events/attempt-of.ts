import type { FastifyRequest } from 'fastify';
import type { Attempt } from './attempt.js';

const attempts = new WeakMap<object, Attempt>();

export function attachAttempt(request: FastifyRequest, attempt: Attempt): void {
  attempts.set(request, attempt);
}

export function findAttempt(request: FastifyRequest): Attempt | undefined {
  return attempts.get(request);
}

/** @throws TypeError for a request that was not let in: nothing may be issued to it */
export function attemptOf(request: FastifyRequest): Attempt {
  const attempt = attempts.get(request);
  if (!attempt) throw new TypeError('no attempt was begun for this request');
  return attempt;
}
