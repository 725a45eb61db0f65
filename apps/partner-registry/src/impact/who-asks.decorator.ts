import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { accessTokenOf } from '@partner-ecosystem/mtls-binding';
import { requestIdOf } from '@partner-ecosystem/platform/logging';
import type { FastifyRequest } from 'fastify';
import type { Asker } from './rehearse-change.js';

/** Who wants to know what a change would do. */
export const WhoAsks = createParamDecorator((_: unknown, context: ExecutionContext): Asker => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const token = accessTokenOf(request);
  if (!token) throw new TypeError('@WhoAsks() on a route that nobody guards');
  return {
    actor: { ...token, certificateThumbprint: token.confirmation['x5t#S256'] },
    requestId: requestIdOf(request),
  };
});
