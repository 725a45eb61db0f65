import type { AttributeTypeAndValue, DistinguishedName } from './distinguished-name.js';

/**
 * X.501: the same RDNs in the same order, each one a set; text without regard to case, spaces at the edges, length of
 * inner spaces, Unicode compatibility forms (NFKC) or ASN.1 string type; anything that is not text octet by octet.
 * Narrower than RFC 4518: no character is ignored, so a NUL or an invisible character always makes a difference.
 */
export function sameDistinguishedName(a: DistinguishedName, b: DistinguishedName): boolean {
  return comparisonKey(a) === comparisonKey(b);
}

function comparisonKey({ rdns }: DistinguishedName): string {
  return JSON.stringify(rdns.map((rdn) => rdn.map(attributeKey).sort()));
}

function attributeKey({ oid, form, value }: AttributeTypeAndValue): string {
  return JSON.stringify([oid, form, form === 'text' ? folded(value) : value]);
}

function folded(text: string): string {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      // which lower-case sigma comes out depends on its neighbours
      .replaceAll('ς', 'σ')
      .normalize('NFKC')
      .replace(/[\s\u0085]+/gu, ' ')
      .replace(/^ | $/g, '')
  );
}
