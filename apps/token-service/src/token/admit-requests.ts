import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { remoteAddressOf } from '@partner-ecosystem/platform/serve';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { attachAttempt } from '../authentication-events/attempt-of.js';
import { AuthenticationEvents } from '../authentication-events/authentication-events.js';
import { Limits } from '../limits/limits.js';
import { oauthEndpointOf, type OAuthEndpointName } from '../oauth-error/oauth-endpoint.decorator.js';

/**
 * What stands before every OAuth endpoint, ahead of reading a body: a place for the event that tells how it ended, and
 * the limits. Refusals go through the app's filter like any other.
 */
export function admitRequests(app: NestFastifyApplication): void {
  const events = app.get(AuthenticationEvents, { strict: false });
  const limits = app.get(Limits, { strict: false });
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  fastify.addHook('onRequest', (request, reply, done) => {
    done(refusalOf(request, (endpoint) => arrive({ request, reply, endpoint }, events, limits)));
  });
  // Only now: a body that drips in must not keep others out.
  fastify.addHook('preHandler', (request, reply, done) => {
    done(refusalOf(request, () => void reply.raw.once('close', limits.enter())));
  });
}

function arrive(
  { request, reply, endpoint }: { request: FastifyRequest; reply: FastifyReply; endpoint: OAuthEndpointName },
  events: AuthenticationEvents,
  limits: Limits,
): void {
  const address = remoteAddressOf(request);
  const attempt = events.begin({ requestId: request.id, endpoint, at: new Date(), address });
  attachAttempt(request, attempt);
  reply.raw.once('close', () => attempt.abandon());
  limits.admitAddress(address);
  attempt.keepPlace();
}

function refusalOf(request: FastifyRequest, admit: (endpoint: OAuthEndpointName) => void): Error | undefined {
  const endpoint = oauthEndpointOf(request);
  if (!endpoint) return undefined;
  try {
    admit(endpoint);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
