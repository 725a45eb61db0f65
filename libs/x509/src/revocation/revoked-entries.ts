import { extensionsOf, type Extensions } from '../certificate/extensions.js';
import { childrenOf, malformed, readElement, tag, type DerElement } from '../der/der-reader.js';
import { integerHexOf, timeOf } from '../der/der-values.js';
import type { RevokedEntry } from './revocation-list.js';

const REASON = '2.5.29.21';
// RFC 5280 5.3.3: the entry is of another authority than the list
const CERTIFICATE_ISSUER = '2.5.29.29';
// RFC 5280 5.3.1
const REASONS = new Map([
  ['00', 'unspecified'],
  ['01', 'keyCompromise'],
  ['02', 'cACompromise'],
  ['03', 'affiliationChanged'],
  ['04', 'superseded'],
  ['05', 'cessationOfOperation'],
  ['06', 'certificateHold'],
  ['08', 'removeFromCRL'],
  ['09', 'privilegeWithdrawn'],
  ['0a', 'aACompromise'],
]);

export interface RevokedEntries {
  revoked: Map<string, RevokedEntry>;
  /** dotted OIDs, each once */
  unknownCritical: Set<string>;
}

/** Reads `revokedCertificates` of a list; undefined where there is none. Throws `der_malformed`. */
export function revokedEntriesOf(entries: DerElement | undefined): RevokedEntries {
  const revoked = new Map<string, RevokedEntry>();
  const unknownCritical = new Set<string>();
  for (const entry of entries === undefined ? [] : childrenOf(entries, tag.sequence)) {
    const [serial, date, extensionList, ...rest] = childrenOf(entry, tag.sequence);
    if (rest.length > 0) throw malformed('a revoked certificate of another shape');
    const extensions = extensionList && extensionsOf(extensionList);
    for (const [oid, { critical }] of extensions ?? []) {
      if ((critical && oid !== REASON) || oid === CERTIFICATE_ISSUER) unknownCritical.add(oid);
    }
    revoked.set(integerHexOf(serial), { date: timeOf(date), reason: reasonOf(extensions) });
  }
  return { revoked, unknownCritical };
}

function reasonOf(extensions: Extensions | undefined): string {
  const value = extensions?.get(REASON)?.value;
  return value === undefined
    ? 'unspecified'
    : (REASONS.get(readElement(value, tag.enumerated).content.toString('hex')) ?? 'unspecified');
}
