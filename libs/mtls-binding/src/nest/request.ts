import type { IncomingMessage } from 'node:http';
import type { CertificateEvidence } from '../certificate-source/certificate-source.js';
import type { BoundToken } from '../protocol/bound-token.js';

// What a guard found out about a request, kept beside it instead of on it: nothing a caller sends can forge it,
// and no other middleware can overwrite it.
const tokens = new WeakMap<object, BoundToken>();
const certificates = new WeakMap<object, CertificateEvidence>();

/** Node's message of a Fastify request, or the Express request, which is one. */
export function incomingMessageOf(request: object): IncomingMessage {
  return 'raw' in request ? (request.raw as IncomingMessage) : (request as IncomingMessage);
}

export function rememberToken(request: object, token: BoundToken): void {
  tokens.set(incomingMessageOf(request), token);
}

/** The verified token of a request that `BoundTokenGuard` let through; undefined on a public route. */
export function accessTokenOf(request: object): BoundToken | undefined {
  return tokens.get(incomingMessageOf(request));
}

export function rememberCertificate(request: object, evidence: CertificateEvidence): void {
  certificates.set(incomingMessageOf(request), evidence);
}

/** The client certificate of a request that one of our guards let through. */
export function clientCertificateOf(request: object): CertificateEvidence | undefined {
  return certificates.get(incomingMessageOf(request));
}
