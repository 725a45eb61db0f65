import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { CertificateSource } from '@partner-ecosystem/mtls-binding';
import { Limits } from '@partner-ecosystem/platform/limits';
import { remoteAddressOf } from '@partner-ecosystem/platform/serve';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { attachAttempt, attemptOf } from '../authentication-events/attempt-of.js';
import { AuthenticationEvents } from '../authentication-events/authentication-events.js';
import { oauthEndpointOf, type OAuthEndpointName } from '../oauth-error/oauth-endpoint.decorator.js';

/**
 * What stands before every OAuth endpoint, ahead of reading a body: the limits, and the attempt that tells how it ended. Refusals go through the app's filter like any other.
 */
export function admitRequests(app: NestFastifyApplication, source: CertificateSource): void {
  const events = app.get(AuthenticationEvents, { strict: false });
  const limits = app.get(Limits, { strict: false });
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  fastify.addHook('onRequest', (request, reply, done) => {
    done(refusalOf(request, (endpoint) => arrive({ request, reply, endpoint }, { events, limits, source })));
  });
  // Only now: a body that drips in must not keep others out.
  fastify.addHook('preHandler', (request, reply, done) => {
    done(refusalOf(request, () => void reply.raw.once('close', limits.enter(attemptOf(request).caller))));
  });
}

function arrive(
  { request, reply, endpoint }: { request: FastifyRequest; reply: FastifyReply; endpoint: OAuthEndpointName },
  { events, limits, source }: { events: AuthenticationEvents; limits: Limits; source: CertificateSource },
): void {
  const address = remoteAddressOf(request);
  const attempt = events.begin({ requestId: request.id, endpoint, at: new Date(), address });
  attachAttempt(request, attempt);
  reply.raw.once('close', () => attempt.abandon());
  attempt.admitted(limits.arrive(address, certificateOf(request, source)));
}

// A certificate header that is not believed is refused by the guard, which says why. // T7
function certificateOf({ raw }: FastifyRequest, source: CertificateSource): string | undefined {
  try {
    return source.evidenceOf(raw)?.thumbprint;
  } catch {
    return undefined;
  }
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
