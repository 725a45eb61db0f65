import type { IncomingHttpHeaders } from 'node:http';
import { ForbiddenException, type CanActivate, type Type } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { FastifyInstance } from 'fastify';
import { handlerFor } from './listener-constraint.js';

/**
 * Lets the app's own guard judge a request that brings a body before a byte of it is kept. Nest runs the guard again
 * when the body is there, because a token may be revoked while it arrives.
 * Does not check: routes that no controller answers.
 */
export function admitBeforeBody(fastify: FastifyInstance, guard: CanActivate): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const route = bringsBody(request.headers) ? handlerFor(request) : undefined;
    if (!route) return done();
    const context = new ExecutionContextHost([request, reply], route.controller as Type, route.handler as () => void);
    judge(guard, context).then(() => done(), done);
  });
}

async function judge(guard: CanActivate, context: ExecutionContextHost): Promise<void> {
  // An Observable is no `true` either: what was not clearly let in is refused.
  if ((await guard.canActivate(context)) !== true) throw new ForbiddenException();
}

// RFC 9112 section 6.3
function bringsBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
