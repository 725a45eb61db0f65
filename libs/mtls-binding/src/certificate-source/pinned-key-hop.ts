import { createHash, X509Certificate, type KeyObject } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { AuthenticatedHop } from './authenticated-hop.js';

/** A proxy's own client certificate: PEM of exactly one, or SHA-256 over its SubjectPublicKeyInfo, 64 hex digits. */
export type PinnedCertificate = string | { readonly spkiSha256: string };

/**
 * The hop is mutual TLS, and the proxy's certificate has one of these keys. Its name, path and dates are not looked at: a
 * name anybody can get, and what is pinned is removed here to end it.
 * @throws TypeError when nothing usable is pinned
 */
export function pinnedKeyHop(certificates: readonly PinnedCertificate[]): AuthenticatedHop {
  const pins = new Set(certificates.map(pinOf));
  if (pins.size === 0) throw new TypeError('trustedProxy() needs at least one of proxies.clientCertificates');
  return (socket) => {
    if (!(socket instanceof TLSSocket)) return false;
    const certificate = socket.getPeerX509Certificate();
    return certificate !== undefined && pins.has(spkiSha256(certificate.publicKey));
  };
}

function pinOf(certificate: PinnedCertificate): string {
  if (typeof certificate === 'string') return pinOfPem(certificate);
  const pin = certificate?.spkiSha256;
  if (typeof pin !== 'string' || !/^[0-9a-f]{64}$/i.test(pin)) {
    throw new TypeError('trustedProxy() needs spkiSha256 as 64 hex digits: SHA-256 over the DER of the public key');
  }
  return pin.toLowerCase();
}

function pinOfPem(pem: string): string {
  if (pem.split('-----BEGIN ').length !== 2) {
    throw new TypeError('trustedProxy() needs each of proxies.clientCertificates as PEM of exactly one certificate');
  }
  try {
    return spkiSha256(new X509Certificate(pem).publicKey);
  } catch (cause) {
    throw new TypeError('trustedProxy() cannot read one of proxies.clientCertificates', { cause });
  }
}

function spkiSha256(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}
