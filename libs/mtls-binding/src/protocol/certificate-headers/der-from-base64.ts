import { X509Certificate } from 'node:crypto';
import { malformedHeader } from './malformed-header.js';

/**
 * The DER of exactly one certificate from its base64 (RFC 4648 section 4), in the one canonical spelling: a thumbprint
 * of anything else would be wrong without an error.
 * @throws RefusedError `certificate_header_malformed`
 */
export function derFromBase64(text: string): Buffer {
  const der = Buffer.from(text, 'base64');
  // Node skips what is not base64, takes the URL alphabet too and forgives missing padding: write it back and compare.
  if (der.length === 0 || der.toString('base64') !== text) throw malformedHeader('is not canonical base64');
  // OpenSSL also takes PEM and passes over octets behind the certificate.
  if (!parsed(der).raw.equals(der)) throw malformedHeader('holds something else beside the certificate');
  return der;
}

function parsed(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw malformedHeader('holds no X.509 certificate', { cause });
  }
}
