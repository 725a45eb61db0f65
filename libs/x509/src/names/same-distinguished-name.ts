import type { DistinguishedName } from './distinguished-name.js';
import { foldedDistinguishedName } from './folded-distinguished-name.js';

/**
 * X.501: the same RDNs in the same order, each one a set; text without regard to case, spaces at the edges, length of
 * inner spaces, Unicode compatibility forms (NFKC) or ASN.1 string type; anything that is not text octet by octet.
 * Narrower than RFC 4518: no character is ignored, so a NUL or an invisible character always makes a difference.
 */
export function sameDistinguishedName(a: DistinguishedName, b: DistinguishedName): boolean {
  return foldedDistinguishedName(a) === foldedDistinguishedName(b);
}
