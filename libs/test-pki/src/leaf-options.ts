import type { webcrypto } from 'node:crypto';
import type { KeyKind } from './subject-keys.js';

export type SignatureHash = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';

/** An extension written as it stands: for critical extensions nobody knows, and for malformed ones. */
export interface RawExtension {
  /** dotted OID */
  oid: string;
  critical: boolean;
  /** the DER inside the extension's OCTET STRING */
  value: Uint8Array;
}

/** What a client certificate says. Everything but the subject has a sound default; every field can be made wrong. */
export interface LeafOptions {
  /** RFC 4514 text; multi-valued RDNs and `#hex` allowed; '' is an empty name */
  subject: string;
  uri?: string[];
  /** taken as they are: wildcards and NUL bytes too */
  dns?: string[];
  email?: string[];
  ip?: string[];
  /** default: one hour ago */
  notBefore?: Date;
  /** default: in 30 days */
  notAfter?: Date;
  /** dotted OIDs, or the names clientAuth and serverAuth; null: no such extension; default: clientAuth */
  extendedKeyUsage?: string[] | null;
  /** default: P-256 */
  key?: KeyKind;
  /** hash of the signature; default: SHA-256. Not used when the signer's key is Ed25519 */
  hash?: SignatureHash;
  /** true: BasicConstraints CA:TRUE with keyCertSign, which no leaf may have */
  ca?: boolean;
  /** certify these keys instead of new ones (they must be extractable) */
  keys?: webcrypto.CryptoKeyPair;
  extensions?: RawExtension[];
}
