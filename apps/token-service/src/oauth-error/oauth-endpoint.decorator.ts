import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

const MARK = 'oauthEndpoint';

/** The endpoints at which clients authenticate. */
export type OAuthEndpointName = 'token' | 'introspection' | 'revocation';

/** A route whose refusals are written as RFC 6749 section 5.2 says, instead of RFC 9457. */
export function OAuthEndpoint(name: OAuthEndpointName): MethodDecorator {
  return RouteConfig({ [MARK]: name }) as MethodDecorator;
}

/** Undefined for every other route. */
export function oauthEndpointOf(request: FastifyRequest): OAuthEndpointName | undefined {
  const config = request.routeOptions?.config as { [MARK]?: OAuthEndpointName } | undefined;
  return config?.[MARK];
}
