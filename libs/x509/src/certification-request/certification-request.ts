import type { PublicKeyDescription } from '../certificate/describe-public-key.js';
import type { Signed } from '../certificate/is-signature-by.js';
import type { DistinguishedName } from '../names/distinguished-name.js';
import type { SubjectAlternativeName } from '../names/subject-alternative-names.js';

/** What a request for a certificate says (PKCS#10, RFC 2986), parsed once. Nothing in it has been verified. */
export interface CertificationRequest extends Signed {
  der: Buffer;
  /** one CERTIFICATE REQUEST block */
  pem: string;
  /** as it asks for; no RDNs and an empty text: for none in particular */
  subject: DistinguishedName;
  /** SubjectPublicKeyInfo, DER */
  publicKey: Buffer;
  /** SHA-256 over it, lower-case hex: the certificate of this key shares it */
  spkiSha256: string;
  key: PublicKeyDescription;
  requested: RequestedExtensions;
  /** dotted OIDs of its attributes, `extensionRequest` included */
  attributes: string[];
}

/** What the `extensionRequest` attribute (RFC 2985 5.4.2) asks a certificate to say. */
export interface RequestedExtensions {
  subjectAlternativeNames: SubjectAlternativeName[];
  /** how many names of kinds that are not read here (otherName, directoryName, …) it asks for besides */
  otherNames: number;
  /** BasicConstraints CA:TRUE */
  isCa: boolean;
  /** dotted OIDs; undefined: not asked for */
  extendedKeyUsage: string[] | undefined;
  /** names of RFC 5280 4.2.1.3; undefined: not asked for */
  keyUsage: string[] | undefined;
  /** dotted OIDs of the extensions besides those four */
  others: string[];
}
