import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionContext } from '@nestjs/common';
import type { CertificateEvidence } from '../certificate-source/certificate-source.js';
import type { BoundToken, VerifiedToken } from '../protocol/bound-token.js';
import type { Presentation } from './presentation.js';

// What a guard found out about a request, kept beside it instead of on it: nothing a caller sends can forge it,
// and no other middleware can overwrite it.
const tokens = new WeakMap<object, VerifiedToken>();
const certificates = new WeakMap<object, CertificateEvidence>();
const presentations = new WeakMap<object, Presentation>();

/** Node's message of a Fastify request, or the Express request, which is one. */
export function incomingMessageOf(request: object): IncomingMessage {
  return 'raw' in request ? (request.raw as IncomingMessage) : (request as IncomingMessage);
}

/** Node's response behind a Fastify reply, or the Express response, which is one. */
export function serverResponseOf(context: ExecutionContext): ServerResponse {
  const response = context.switchToHttp().getResponse<object>();
  return 'raw' in response ? (response.raw as ServerResponse) : (response as ServerResponse);
}

/** The verified token of a request that `BoundTokenGuard` let through; undefined on a public route. */
export function accessTokenOf<Token extends VerifiedToken = BoundToken>(request: object): Token | undefined {
  return tokens.get(incomingMessageOf(request)) as Token | undefined;
}

export function rememberCertificate(request: object, evidence: CertificateEvidence): void {
  certificates.set(incomingMessageOf(request), evidence);
}

/** The client certificate of a request that one of our guards let through. */
export function clientCertificateOf(request: object): CertificateEvidence | undefined {
  return certificates.get(incomingMessageOf(request));
}

/** For the strategy, which passport hands nothing but the request. */
export function rememberPresentation(request: object, presentation: Presentation): void {
  presentations.set(incomingMessageOf(request), presentation);
}

/** @throws TypeError when no guard read the request: what its route asks for must not pass for nothing */
export function presentationFor(request: object): Presentation {
  const presentation = presentations.get(incomingMessageOf(request));
  if (!presentation) throw new TypeError('BoundTokenStrategy judges requests only for BoundTokenGuard');
  return presentation;
}

export function rememberAdmitted(request: object, token: VerifiedToken): void {
  tokens.set(incomingMessageOf(request), token);
  const { evidence } = presentationFor(request);
  if (evidence) rememberCertificate(request, evidence);
}
