import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { thumbprintOf } from '@partner-ecosystem/x509';
import { certificateHeadersIn } from '../protocol/certificate-headers/certificate-headers-in.js';
import { mayBeCertificateHeader } from '../protocol/certificate-headers/known-certificate-headers.js';
import { RefusedError } from '../protocol/errors.js';
import type { CertificateEvidence, CertificateSource } from './certificate-source.js';
import { sentAlong } from './sent-along.js';

/**
 * Evidence from our own TLS listener, which asks for a certificate and does not reject
 * (`requestCert: true, rejectUnauthorized: false, ca: []`): the TLS handshake proved possession of the key.
 * A request that carries a certificate header is refused: nobody in front of this listener may write one. // T7
 *
 * Does not check: dates, path or registration. The thumbprint in the token answers for those.
 */
export function tlsSocket(): CertificateSource {
  // Hashing once per connection: the certificate cannot change within one, since renegotiation is refused (T3).
  const perConnection = new WeakMap<TLSSocket, CertificateEvidence>();
  return {
    evidenceOf(request: IncomingMessage): CertificateEvidence | undefined {
      assertNoCertificateHeader(request.rawHeaders);
      const { socket } = request;
      if (!(socket instanceof TLSSocket)) return undefined;
      const known = perConnection.get(socket);
      if (known) return known;
      const certificate = socket.getPeerX509Certificate();
      if (!certificate) return undefined;
      const der = certificate.raw;
      const along = sentAlong(dersAbove(certificate));
      const evidence: CertificateEvidence = { der, thumbprint: thumbprintOf(der), ...along, source: 'socket' };
      perConnection.set(socket, evidence);
      return evidence;
    },
  };
}

// With `ca: []` Node links every certificate of the message to the one before it, in the order in which they were sent.
function* dersAbove({ issuerCertificate }: X509Certificate): Generator<Buffer> {
  for (let above = issuerCertificate; above !== undefined; above = above.issuerCertificate) yield above.raw;
}

function assertNoCertificateHeader(rawHeaders: readonly string[]): void {
  if (!mayHoldCertificateHeader(rawHeaders)) return;
  const { others } = certificateHeadersIn(rawHeaders, undefined);
  if (others.length > 0) {
    throw new RefusedError(
      'invalid_request',
      'certificate_header_unexpected',
      `${others.join(', ')} sent to a listener that reads the certificate from its own TLS connections`,
    );
  }
}

function mayHoldCertificateHeader(rawHeaders: readonly string[]): boolean {
  for (let at = 0; at < rawHeaders.length; at += 2) if (mayBeCertificateHeader(rawHeaders[at]!)) return true;
  return false;
}
