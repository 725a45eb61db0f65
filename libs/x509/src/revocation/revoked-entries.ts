import { extensionsOf, type Extensions } from '../certificate/extensions.js';
import { childrenOf, malformed, readElement, tag, type DerElement } from '../der/der-reader.js';
import { integerHexOf, timeOf } from '../der/der-values.js';
import type { DistinguishedName } from '../names/distinguished-name.js';
import { namesAuthority } from './distribution-points.js';
import type { RevokedEntry } from './crl.js';

const REASON = '2.5.29.21';
// RFC 5280 5.3.3: whose certificate this entry is about, and those that follow it
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
  /** of certificates that the issuer of the list issued itself */
  revoked: Map<string, RevokedEntry>;
  /** dotted OIDs, each once */
  unknownCritical: Set<string>;
}

/** Reads `revokedCertificates` of a list; undefined where there is none. Throws `der_malformed`. */
export function revokedEntriesOf(entries: DerElement | undefined, issuer: DistinguishedName): RevokedEntries {
  const revoked = new Map<string, RevokedEntry>();
  const unknownCritical = new Set<string>();
  let isOwn = true;
  for (const entry of entries === undefined ? [] : childrenOf(entries, tag.sequence)) {
    const [serial, date, extensionList, ...rest] = childrenOf(entry, tag.sequence);
    if (rest.length > 0) throw malformed('a revoked certificate of another shape');
    const extensions = extensionList && extensionsOf(extensionList);
    for (const [oid, { critical }] of extensions ?? []) {
      if (critical && oid !== REASON && oid !== CERTIFICATE_ISSUER) unknownCritical.add(oid);
    }
    const named = extensions?.get(CERTIFICATE_ISSUER)?.value;
    if (named !== undefined) isOwn = namesAuthority(named, issuer);
    if (!isOwn) continue;
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
