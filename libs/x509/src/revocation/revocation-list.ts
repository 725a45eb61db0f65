import type { SignatureAlgorithm } from '../certificate/signature-algorithm.js';
import type { DistinguishedName } from '../names/distinguished-name.js';

/** What a certificate revocation list says, parsed once. Nothing in it has been verified: neither dates nor signature. */
export interface RevocationList {
  der: Buffer;
  /** SHA-256 over the DER, lower-case hex */
  sha256: string;
  issuer: DistinguishedName;
  thisUpdate: Date;
  /** undefined: not stated, so that nobody can tell when it is stale */
  nextUpdate: Date | undefined;
  /** CRL number, lower-case hex; undefined: no such extension */
  number: string | undefined;
  /** by serial number, lower-case hex */
  revoked: ReadonlyMap<string, RevokedEntry>;
  signatureAlgorithm: SignatureAlgorithm;
  /**
   * dotted OIDs of critical extensions, of the list or an entry, that are not read here: partitioned, indirect and delta
   * lists have one. Such a list says nothing reliable about any certificate (RFC 5280 5.2, 5.3).
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
