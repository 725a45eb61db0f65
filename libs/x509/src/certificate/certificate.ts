import type { X509Certificate } from 'node:crypto';
import type { DistinguishedName } from '../names/distinguished-name.js';
import type { SubjectAlternativeName } from '../names/subject-alternative-names.js';
import type { PublicKeyDescription } from './describe-public-key.js';
import type { Extensions } from './extensions.js';
import type { SignatureAlgorithm } from './signature-algorithm.js';

/** What a certificate says, parsed once. Nothing in it has been verified: neither dates nor signature nor path. */
export interface Certificate {
  der: Buffer;
  /** one CERTIFICATE block, as node:crypto writes it */
  pem: string;
  /** RFC 8705 `x5t#S256`: base64url(SHA-256(DER)), 43 characters */
  thumbprint: string;
  /** the same octets, lower-case hex */
  sha256: string;
  /**
   * SHA-256 over the TBSCertificate DER, lower-case hex. Its holder can vary the signature of a certificate, and with it
   * the thumbprint, but not what was signed: to deny a certificate compare this, to allow it the thumbprint.
   */
  tbsSha256: string;
  /** SHA-256 over the SubjectPublicKeyInfo DER as it stands, lower-case hex */
  spkiSha256: string;
  /** the same over its usual encoding: certificates of one key share it, however they encode the key */
  keySha256: string;
  /** lower-case hex */
  serial: string;
  subject: DistinguishedName;
  issuer: DistinguishedName;
  notBefore: Date;
  notAfter: Date;
  /** BasicConstraints CA:TRUE */
  isCa: boolean;
  /** pathLenConstraint of BasicConstraints; undefined: not limited */
  pathLength: number | undefined;
  /** subject and issuer are one name; says nothing about who signed */
  selfIssued: boolean;
  key: PublicKeyDescription;
  signatureAlgorithm: SignatureAlgorithm;
  /** dotted OIDs; undefined: no such extension */
  extendedKeyUsage: string[] | undefined;
  /** names of RFC 5280 4.2.1.3; undefined: no such extension */
  keyUsage: string[] | undefined;
  subjectAlternativeNames: SubjectAlternativeName[];
  /** dotted OIDs of critical extensions this library does not read */
  unknownCriticalExtensions: string[];
  /** all of them as they stand, by dotted OID */
  extensions: Extensions;
  x509: X509Certificate;
}
