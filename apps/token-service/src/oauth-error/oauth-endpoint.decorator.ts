import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

const MARK = 'oauthEndpoint';

/** A route whose refusals are written as RFC 6749 section 5.2 says, instead of RFC 9457. */
export function OAuthEndpoint(): MethodDecorator {
  return RouteConfig({ [MARK]: true }) as MethodDecorator;
}

export function isOAuthEndpoint(request: FastifyRequest): boolean {
  return (request.routeOptions?.config as unknown as Record<string, unknown> | undefined)?.[MARK] === true;
}
