import { createHash, X509Certificate } from 'node:crypto';
import { sameDistinguishedName } from '../names/same-distinguished-name.js';
import { X509Error } from '../x509-error.js';
import { certificateDer, malformedInput } from './certificate-input.js';
import type { Certificate } from './certificate.js';
import { describePublicKey, publicKeyOf } from './describe-public-key.js';
import { readCertificate, type CertificateFields } from './read-certificate.js';
import { thumbprintOf } from './thumbprint-of.js';

/**
 * Reads one certificate: PEM with exactly one CERTIFICATE block, as text or bytes, or DER bytes. OpenSSL and a strict
 * DER reader must both accept it. Throws X509Error `certificate_malformed`, `certificate_bundle` (several
 * certificates) or `private_key_present`; no message repeats any of the input.
 * Does not check: dates, usage, key and algorithm (see `checkLeaf`), the signature, the path.
 */
export function parseCertificate(input: string | Uint8Array): Certificate {
  const der = certificateDer(input);
  const x509 = acceptedByOpenssl(der);
  const { spki, extensions, ...fields } = fieldsOf(der);
  return {
    ...fields,
    ...extensions,
    der,
    pem: x509.toString(),
    thumbprint: thumbprintOf(der),
    sha256: createHash('sha256').update(der).digest('hex'),
    spkiSha256: createHash('sha256').update(spki).digest('hex'),
    selfIssued: sameDistinguishedName(fields.subject, fields.issuer),
    key: describePublicKey(publicKeyOf(x509)),
    x509,
  };
}

function acceptedByOpenssl(der: Buffer): X509Certificate {
  const x509 = parsedByOpenssl(der);
  // OpenSSL passes over octets behind the certificate: the thumbprint would be of something else than was parsed
  if (!x509.raw.equals(der)) throw malformedInput('it is followed by something else, or not encoded in DER');
  return x509;
}

function parsedByOpenssl(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw malformedInput('its content cannot be read', { cause });
  }
}

function fieldsOf(der: Buffer): CertificateFields {
  try {
    return readCertificate(der);
  } catch (cause) {
    if (!(cause instanceof X509Error)) throw cause;
    throw malformedInput('its content is not the DER that RFC 5280 asks for', { cause });
  }
}
