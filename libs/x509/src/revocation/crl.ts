import type { SignatureAlgorithm } from '../certificate/signature-algorithm.js';
import type { DistinguishedName } from '../names/distinguished-name.js';
import type { ListScope } from './distribution-points.js';

/** What a CRL says, parsed once. Nothing in it has been verified: neither dates nor signature. */
export interface Crl {
  der: Buffer;
  /** SHA-256 over the DER, lower-case hex */
  sha256: string;
  issuer: DistinguishedName;
  thisUpdate: Date;
  /** undefined: not stated, so that nobody can tell when it is stale */
  nextUpdate: Date | undefined;
  /** CRL number, lower-case hex; undefined: no such extension */
  number: string | undefined;
  /** by serial number, lower-case hex: those that `issuer` itself issued */
  revoked: ReadonlyMap<string, RevokedEntry>;
  /** undefined: all certificates of its issuer, for all reasons */
  scope: ListScope | undefined;
  /** SHA-256 of the extension with the scope, lower-case hex: lists of one scope follow each other */
  scopeSha256: string | undefined;
  signatureAlgorithm: SignatureAlgorithm;
  /**
   * dotted OIDs of critical extensions, of the list or an entry, that are not read here: a delta list has one. Such a
   * list says nothing reliable about any certificate (RFC 5280 5.2, 5.3).
   */
  unknownCriticalExtensions: string[];
  /** the octets under the signature */
  signedPart: Buffer;
  signature: Buffer;
}

export interface RevokedEntry {
  date: Date;
  /** name of RFC 5280 5.3.1; `unspecified` where none is given */
  reason: string;
}
