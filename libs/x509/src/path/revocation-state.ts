import type { Certificate } from '../certificate/certificate.js';
import { sameDistinguishedName } from '../names/same-distinguished-name.js';
import { instantText } from '../leaf-checks/instant-text.js';
import { isSignedBy } from '../revocation/is-signed-by.js';
import type { RevocationList, RevokedEntry } from '../revocation/revocation-list.js';

/** What the lists at hand say about one certificate. */
export type RevocationState =
  | { kind: 'good'; nextUpdate: Date }
  | { kind: 'revoked'; entry: RevokedEntry; list: RevocationList }
  | { kind: 'stale'; reason: string }
  | { kind: 'missing'; reason: string };

/**
 * Asks the lists that bear the issuer's name, are signed with its key and are read here whole. The newest one decides,
 * out of date too: a certificate it revokes stays revoked.
 */
export function revocationState(
  subject: Certificate,
  issuer: Certificate,
  lists: readonly RevocationList[],
  now: Date,
): RevocationState {
  const named = lists.filter((list) => sameDistinguishedName(list.issuer, issuer.subject));
  const refusals = named.map((list) => refusalOf(list, issuer));
  const usable = named.filter((_, index) => refusals[index] === undefined).sort(newestFirst);
  // one that lies in the future supersedes nothing yet
  const newest = usable.find(({ thisUpdate }) => thisUpdate <= now) ?? usable[0];
  if (newest === undefined) {
    const reason = refusals.length === 0 ? 'no list of that issuer' : refusals.join('; ');
    return { kind: 'missing', reason };
  }
  const entry = newest.revoked.get(subject.serial);
  // RFC 5280 5.3.1: of delta lists; in a whole one it says that the certificate is on it no longer
  if (entry !== undefined && entry.reason !== 'removeFromCRL') return { kind: 'revoked', entry, list: newest };
  if (newest.nextUpdate === undefined) return { kind: 'stale', reason: 'its list has no date of the next one' };
  const { thisUpdate, nextUpdate } = newest;
  if (thisUpdate <= now && now <= nextUpdate) return { kind: 'good', nextUpdate };
  return { kind: 'stale', reason: `its list is of ${instantText(thisUpdate)} to ${instantText(nextUpdate)}` };
}

function newestFirst(a: RevocationList, b: RevocationList): number {
  return b.thisUpdate.getTime() - a.thisUpdate.getTime();
}

function refusalOf(list: RevocationList, issuer: Certificate): string | undefined {
  // RFC 5280 4.2.1.3
  if (issuer.keyUsage?.includes('cRLSign') === false)
    return 'its issuer may not sign lists (key usage without cRLSign)';
  const unknown = list.unknownCriticalExtensions;
  if (unknown.length > 0) return `a list with critical extensions that are not read here (${unknown.join(', ')})`;
  return isSigned(list, issuer) ? undefined : 'a list whose signature does not verify, or is weak';
}

// A list may have megabytes, and is asked about for every certificate.
const verified = new WeakMap<RevocationList, Map<string, boolean>>();

function isSigned(list: RevocationList, issuer: Certificate): boolean {
  const known = verified.get(list) ?? new Map<string, boolean>();
  verified.set(list, known);
  const signed = known.get(issuer.spkiSha256) ?? verifies(list, issuer);
  known.set(issuer.spkiSha256, signed);
  return signed;
}

function verifies(list: RevocationList, issuer: Certificate): boolean {
  try {
    return isSignedBy(list, issuer.x509.publicKey);
  } catch {
    return false;
  }
}
