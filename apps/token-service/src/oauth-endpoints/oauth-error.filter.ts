import { Catch, type ArgumentsHost } from '@nestjs/common';
import { clientCertificateOf } from '@partner-ecosystem/mtls-binding';
import { errorFields, requestIdOf, type Logger } from '@partner-ecosystem/platform/logging';
import { ProblemFilter } from '@partner-ecosystem/platform/problem';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findAttempt } from '../authentication-events/attempt-of.js';
import { claimedClientId } from '../clients/authentication/client-request.js';
import { clientChallenge } from '../oauth-error/client-challenge.js';
import { oauthEndpointOf, type OAuthEndpointName } from '../oauth-error/oauth-endpoint.decorator.js';
import { oauthErrorFrom, type OAuthAnswer } from './oauth-error-from.js';

const RETRY_AFTER_SECONDS = 2;

/** The one filter of this app: RFC 6749 at OAuth endpoints, RFC 9457 everywhere else. */
@Catch()
export class OAuthErrorFilter extends ProblemFilter {
  constructor(private readonly log: Logger) {
    super(log);
  }

  override catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const endpoint = oauthEndpointOf(request);
    if (!endpoint) return super.catch(thrown, host);
    const answer = oauthErrorFrom(thrown);
    recordRefusal(request, answer);
    logRefusal(this.log, { request, endpoint }, answer);
    send(host.switchToHttp().getResponse<FastifyReply>(), answer, requestIdOf(request));
  }
}

// A fault of ours and a limit decide nothing about the caller: a flood must not fill the record of decisions.
function recordRefusal(request: FastifyRequest, { status, error }: OAuthAnswer): void {
  const attempt = findAttempt(request);
  if (!attempt) return; // refused before it could be let in
  if (status >= 500 || status === 429) return attempt.undecided({ error: error.code, check: error.check });
  attempt.refused({
    error: error.code,
    check: error.check,
    thumbprint: clientCertificateOf(request)?.thumbprint,
  });
}

/** The private face: which check refused whom, under the request id that the caller holds too. */
function logRefusal(
  log: Logger,
  { request, endpoint }: { request: FastifyRequest; endpoint: OAuthEndpointName },
  { status, error }: OAuthAnswer,
): void {
  const failed = status >= 500 && status !== 501; // a transfer coding nobody built is no failure
  log[failed ? 'error' : 'warn'](
    {
      request_id: requestIdOf(request),
      status,
      error: error.code,
      check: error.check,
      client_id: boundedClientId(request.body),
      certificate: clientCertificateOf(request)?.thumbprint,
      reason: error.message,
      // what is only not available is no bug, and in an outage every request has such a line
      ...(failed ? { err: errorFields(error, { stack: status !== 503 }) } : {}),
    },
    `${endpoint} refused`,
  );
}

// What a stranger typed: bounded, so that a log line stays a log line.
function boundedClientId(body: unknown): string | undefined {
  return claimedClientId(body)?.slice(0, 64);
}

// A11, A26, A40, RFC 6749 section 5.2
function send(reply: FastifyReply, { status, error }: OAuthAnswer, requestId: string): void {
  const retryAfter = error.retryAfterSeconds ?? (status === 503 ? RETRY_AFTER_SECONDS : undefined);
  if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
  if (status === 401) {
    void reply.header('www-authenticate', clientChallenge(error, reply.request.headers.authorization));
  }
  void reply
    .code(status)
    .header('content-type', 'application/json')
    .header('cache-control', 'no-store')
    .send({ error: error.code, error_description: error.description, request_id: requestId });
}
