import { createHash } from 'node:crypto';
import { describePublicKey } from '../certificate/describe-public-key.js';
import { signatureAlgorithmOf } from '../certificate/signature-algorithm.js';
import { childrenOf, context, DerError, expectElement, malformed, readElement, tag } from '../der/der-reader.js';
import { integerHexOf, wholeOctetsOf } from '../der/der-values.js';
import { distinguishedNameOf } from '../names/distinguished-name-from-der.js';
import type { CertificationRequest } from './certification-request.js';
import { isUsuallyEncoded, requestedKey } from './requested-key.js';
import { requestAttributesOf } from './request-attributes.js';
import { malformedRequest, requestDer, requestPem } from './request-input.js';

const UNUSUAL_KEY = 'a key in another encoding than the usual one (a compressed point, or parameters left out)';

/**
 * Reads one request for a certificate (PKCS#10, RFC 2986): PEM with one block `CERTIFICATE REQUEST` or `NEW CERTIFICATE
 * REQUEST`, as text or bytes, or DER bytes. Throws X509Error `certification_request_malformed` or `private_key_present`;
 * no message repeats any of the input.
 * Narrower than RFC 2986: version 1 only, no attribute twice, and a key in its usual encoding, so that one key has one
 * hash: no compressed points.
 * Does not check: the signature, key and algorithm (see `checkCertificationRequest`), what it asks for.
 */
export function parseCertificationRequest(input: string | Uint8Array): CertificationRequest {
  const der = requestDer(input);
  try {
    return { der, pem: requestPem(der), ...fieldsOf(der) };
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause;
    throw malformedRequest(`its content breaks a rule of RFC 2986: ${cause.within(der)}`, { cause });
  }
}

function fieldsOf(der: Buffer): Omit<CertificationRequest, 'der' | 'pem'> {
  const [info, algorithm, signature, ...rest] = childrenOf(readElement(der, tag.sequence), tag.sequence);
  if (rest.length > 0) throw malformed('a request has three parts', rest[0]!.encoded);
  const [version, subject, spki, attributes, ...beyond] = childrenOf(info, tag.sequence);
  if (integerHexOf(version) !== '00')
    throw malformed('another version than 1, which is written as 0', version!.encoded);
  if (beyond.length > 0) throw malformed('a field no request has', beyond[0]!.encoded);
  const publicKey = expectElement(spki, tag.sequence).encoded;
  const key = requestedKey(publicKey);
  if (!isUsuallyEncoded(publicKey, key)) throw malformed(UNUSUAL_KEY, publicKey);
  return {
    subject: distinguishedNameOf(expectElement(subject, tag.sequence)),
    publicKey,
    spkiSha256: createHash('sha256').update(publicKey).digest('hex'),
    key: describePublicKey(key),
    ...requestAttributesOf(attributes && childrenOf(attributes, context.constructed(0))),
    signedPart: expectElement(info, tag.sequence).encoded,
    signature: wholeOctetsOf(signature),
    signatureAlgorithm: signatureAlgorithmOf(expectElement(algorithm, tag.sequence)),
  };
}
