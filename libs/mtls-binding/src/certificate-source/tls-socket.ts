import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { thumbprintOf } from '@partner-ecosystem/x509';
import type { CertificateEvidence, CertificateSource } from './certificate-source.js';

/**
 * Evidence from our own TLS listener, which asks for a certificate and does not reject
 * (`requestCert: true, rejectUnauthorized: false, ca: []`): the TLS handshake proved possession of the key.
 *
 * Does not check: dates, path or registration. The thumbprint in the token answers for those.
 */
export function tlsSocket(): CertificateSource {
  // Hashing once per connection: the certificate cannot change within one, since renegotiation is refused (T3).
  const perConnection = new WeakMap<TLSSocket, CertificateEvidence>();
  return {
    evidenceOf(request: IncomingMessage): CertificateEvidence | undefined {
      const { socket } = request;
      if (!(socket instanceof TLSSocket)) return undefined;
      const known = perConnection.get(socket);
      if (known) return known;
      const certificate = socket.getPeerX509Certificate();
      if (!certificate) return undefined;
      const der = certificate.raw;
      const evidence: CertificateEvidence = { der, thumbprint: thumbprintOf(der), source: 'socket' };
      perConnection.set(socket, evidence);
      return evidence;
    },
  };
}
