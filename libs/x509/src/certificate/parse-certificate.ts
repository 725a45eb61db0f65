import { createHash, X509Certificate } from 'node:crypto';
import { sameDistinguishedName } from '../names/same-distinguished-name.js';
import { DerError } from '../der/der-reader.js';
import { certificateDer, malformedInput } from './certificate-input.js';
import type { Certificate } from './certificate.js';
import { describePublicKey, publicKeyOf } from './describe-public-key.js';
import { readCertificate, type CertificateFields } from './read-certificate.js';
import { usualEncodingOf } from './usual-encoding.js';
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
  const { tbs, spki, extensions, ...fields } = fieldsOf(der);
  const key = publicKeyOf(x509);
  return {
    ...fields,
    ...extensions,
    der,
    pem: x509.toString(),
    thumbprint: thumbprintOf(der),
    sha256: sha256Of(der),
    tbsSha256: sha256Of(tbs),
    spkiSha256: sha256Of(spki),
    keySha256: sha256Of(usualEncodingOf(spki, key) ?? spki),
    selfIssued: sameDistinguishedName(fields.subject, fields.issuer),
    key: describePublicKey(key),
    x509,
  };
}

function sha256Of(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex');
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
    fieldsOf(der); // knows better why, and where
    throw malformedInput(`OpenSSL cannot read it: ${opensslReason(cause)}`, { cause });
  }
}

// One of its own fixed texts, such as "wrong tag".
function opensslReason(error: unknown): string {
  const { reason } = error as { reason?: unknown };
  return typeof reason === 'string' ? reason : 'it does not say why';
}

function fieldsOf(der: Buffer): CertificateFields {
  try {
    return readCertificate(der);
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause;
    throw malformedInput(`its content breaks a rule of RFC 5280: ${cause.within(der)}`, { cause });
  }
}
