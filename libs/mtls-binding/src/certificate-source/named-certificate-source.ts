import type { CertificateHeader } from '../protocol/certificate-headers/certificate-header.js';
import { clientCert } from '../protocol/certificate-headers/client-cert.js';
import { envoyXfcc } from '../protocol/certificate-headers/envoy-xfcc.js';
import { haproxyDer } from '../protocol/certificate-headers/haproxy-der.js';
import { nginxEscaped } from '../protocol/certificate-headers/nginx-escaped.js';
import { traefikPem } from '../protocol/certificate-headers/traefik-pem.js';
import { CertificateSourceError } from './certificate-source-error.js';
import type { CertificateSource } from './certificate-source.js';
import { tlsSocket } from './tls-socket.js';
import { trustedProxy } from './trusted-proxy.js';

const NAME = 'X-SSL-Client-Cert';

const HEADERS: Readonly<Record<string, () => CertificateHeader>> = {
  'client-cert': clientCert,
  'nginx-escaped': () => nginxEscaped({ name: NAME }),
  'haproxy-der': () => haproxyDer({ name: NAME }),
  'envoy-xfcc': envoyXfcc,
  'traefik-pem': traefikPem,
};

/** `socket`, or the header that a proxy in front hands certificates on in, as `docs/proxies` configures it. */
export const CERTIFICATE_SOURCE_NAMES: readonly string[] = ['socket', ...Object.keys(HEADERS)];

export interface NamedCertificateSource {
  /** one of CERTIFICATE_SOURCE_NAMES */
  name: string;
  /** PEM: the proxies' own client certificates, of which the keys are pinned; for headers, and for nothing else */
  proxyCertificates?: string | undefined;
}

/**
 * The certificate source of an app that is configured by text. Whoever has more wishes calls `trustedProxy()`: a proxy on
 * the same machine, another name of the header.
 * @throws CertificateSourceError
 */
export function namedCertificateSource({ name, proxyCertificates }: NamedCertificateSource): CertificateSource {
  const header = Object.hasOwn(HEADERS, name) ? HEADERS[name]?.() : undefined;
  if (name === 'socket') {
    // Both would mean that somebody believes in a proxy of which nothing is read.
    if (proxyCertificates === undefined) return tlsSocket();
    throw new CertificateSourceError(
      'The certificate source "socket" reads no header: expected no proxies’ certificates.',
    );
  }
  if (!header) {
    throw new CertificateSourceError(
      `There is no certificate source "${name}": expected one of ${CERTIFICATE_SOURCE_NAMES.join(', ')}.`,
    );
  }
  const clientCertificates = (proxyCertificates ?? '')
    .split(/(?=-----BEGIN CERTIFICATE-----)/)
    .filter((pem) => pem.trim() !== '');
  try {
    return trustedProxy({ header, proxies: { clientCertificates } });
  } catch (cause) {
    const message = `The certificate source "${name}" needs the proxies’ own client certificates, as PEM: ${(cause as Error).message}.`;
    throw new CertificateSourceError(message, { cause });
  }
}
