import { distinguishedName, type DistinguishedName } from './distinguished-name.js';

/**
 * One text for all names that X.501 takes for the same one, for unique indexes: the canonical RFC 4514 text with its
 * values folded (case, spaces at the edges, length of inner spaces, Unicode compatibility forms). Two names give equal
 * texts exactly when `sameDistinguishedName` holds. Up to some ten thousand characters: index a hash of longer ones.
 * Does not check: anything. Not for display, and not for signing: it is not the name that was certified.
 */
export function foldedDistinguishedName({ rdns }: DistinguishedName): string {
  const foldedRdns = rdns.map((rdn) =>
    rdn.map((attribute) => (attribute.form === 'text' ? { ...attribute, value: folded(attribute.value) } : attribute)),
  );
  return distinguishedName(foldedRdns).text;
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
