import { childrenOf, context, expectElement, malformed, readElement, tag, type DerElement } from '../der/der-reader.js';
import { integerHexOf, timeOf, wholeOctetsOf } from '../der/der-values.js';
import { distinguishedNameOf } from '../names/distinguished-name-from-der.js';
import type { DistinguishedName } from '../names/distinguished-name.js';
import { certificateExtensionsOf, type CertificateExtensions } from './certificate-extensions.js';
import { signatureAlgorithmOf, type SignatureAlgorithm } from './signature-algorithm.js';

export interface CertificateFields {
  /** TBSCertificate, DER: what the issuer signed */
  tbs: Buffer;
  serial: string;
  issuer: DistinguishedName;
  subject: DistinguishedName;
  notBefore: Date;
  notAfter: Date;
  /** SubjectPublicKeyInfo, DER */
  spki: Buffer;
  signatureAlgorithm: SignatureAlgorithm;
  extensions: CertificateExtensions;
}

/** RFC 5280 4.1, read from the octets themselves. Throws `der_malformed`. Does not check: the signature, the key. */
export function readCertificate(der: Uint8Array): CertificateFields {
  const [tbs, algorithm, signature, ...rest] = childrenOf(readElement(der, tag.sequence), tag.sequence);
  wholeOctetsOf(signature);
  if (rest.length > 0) throw malformed('a certificate has three parts', rest[0]!.encoded);
  const fields = childrenOf(tbs, tag.sequence);
  if (fields[0]?.identifier === context.constructed(0)) fields.shift();
  const [serial, inner, issuer, validity, subject, spki, ...optional] = fields;
  // RFC 5280 4.1.1.2: only the inner one is signed
  if (!expectElement(inner, tag.sequence).encoded.equals(expectElement(algorithm, tag.sequence).encoded)) {
    throw malformed('two different signature algorithms', algorithm!.encoded);
  }
  const [notBefore, notAfter] = childrenOf(validity, tag.sequence);
  return {
    tbs: expectElement(tbs, tag.sequence).encoded,
    serial: integerHexOf(serial),
    issuer: distinguishedNameOf(expectElement(issuer, tag.sequence)),
    subject: distinguishedNameOf(expectElement(subject, tag.sequence)),
    notBefore: timeOf(notBefore),
    notAfter: timeOf(notAfter),
    spki: expectElement(spki, tag.sequence).encoded,
    signatureAlgorithm: signatureAlgorithmOf(expectElement(inner, tag.sequence)),
    extensions: certificateExtensionsOf(extensionsIn(optional)),
  };
}

// issuerUniqueID [1], subjectUniqueID [2], extensions [3]: each at most once, in this order
function extensionsIn(optional: DerElement[]): DerElement | undefined {
  const order = [context.primitive(1), context.primitive(2), context.constructed(3)];
  const positions = optional.map(({ identifier }) => order.indexOf(identifier));
  if (positions.some((position, index) => position <= (positions[index - 1] ?? -1))) {
    throw malformed('a field no certificate has, or one out of order', optional[0]?.encoded);
  }
  return optional.find(({ identifier }) => identifier === context.constructed(3));
}
