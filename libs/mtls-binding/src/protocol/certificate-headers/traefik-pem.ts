import type { CertificateHeader } from './certificate-header.js';
import { derFromBase64 } from './der-from-base64.js';

/**
 * `X-Forwarded-Tls-Client-Cert` of Traefik's `passTLSClientCert` with `pem: true`, as Traefik 2.9.4 and later write it: PEM
 * without its markers and line breaks, the leaf first and then, after commas, what else the client sent.
 */
export function traefikPem(): CertificateHeader {
  return {
    name: 'X-Forwarded-Tls-Client-Cert',
    companions: ['x-forwarded-tls-client-cert-info'],
    decode: (value) => certificates(value)[0]!,
    chain: { decode: certificates },
    encode: (der) => der.toString('base64'),
  };
}

function certificates(value: string): Buffer[] {
  return value.split(',').map(derFromBase64);
}
