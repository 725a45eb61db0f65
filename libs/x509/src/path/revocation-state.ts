import type { Certificate } from '../certificate/certificate.js';
import { sameDistinguishedName } from '../names/same-distinguished-name.js';
import { instantText } from '../leaf-checks/instant-text.js';
import { isSignedBy } from '../revocation/is-signed-by.js';
import { ALL_REASONS, coveredReasons } from './covered-reasons.js';
import type { Crl, RevokedEntry } from '../revocation/crl.js';

/** What the lists at hand say about one certificate. */
export type RevocationState =
  | { kind: 'good'; nextUpdate: Date }
  | { kind: 'revoked'; entry: RevokedEntry; list: Crl }
  | { kind: 'stale'; reason: string }
  | { kind: 'missing'; reason: string };

/**
 * Asks the lists that bear the issuer's name and are signed with its key, newest first; of one scope the newest alone. The
 * first that names the certificate revokes it, out of date or not. It is good as soon as those that are silent cover every
 * reason (RFC 5280 6.3.3); what is neither named nor covered stays unknown.
 */
export function revocationState(
  subject: Certificate,
  issuer: Certificate,
  lists: readonly Crl[],
  now: Date,
): RevocationState {
  const named = lists.filter((list) => sameDistinguishedName(list.issuer, issuer.subject));
  const refusals = named.map((list) => refusalOf(list, issuer));
  const usable = named.filter((_, index) => refusals[index] === undefined);
  const silent: Crl[] = [];
  const open = new Set(ALL_REASONS);
  for (const list of latestOfEachScope(usable, now)) {
    const entry = list.revoked.get(subject.serial);
    // RFC 5280 5.3.1: of delta lists; in a whole one it says that the certificate is on it no longer
    if (entry !== undefined && entry.reason !== 'removeFromCRL') return { kind: 'revoked', entry, list };
    const closed = coveredReasons(subject, list).filter((reason) => open.delete(reason));
    if (closed.length > 0) silent.push(list);
    if (open.size === 0) return silentState(silent, now);
  }
  const why = refusals.filter((refusal) => refusal !== undefined);
  if (usable.length > 0) why.push('no list whose issuing distribution point covers the certificate for every reason');
  return { kind: 'missing', reason: why.join('; ') || 'no list of that issuer' };
}

function latestOfEachScope(lists: readonly Crl[], now: Date): Crl[] {
  const newest = lists.toSorted(newestFirst);
  // one that lies in the future supersedes nothing yet
  const [begun, ahead] = [
    newest.filter(({ thisUpdate }) => thisUpdate <= now),
    newest.filter(({ thisUpdate }) => thisUpdate > now),
  ];
  const latest = new Map<string | undefined, Crl>();
  for (const list of [...begun, ...ahead]) if (!latest.has(list.scopeSha256)) latest.set(list.scopeSha256, list);
  return [...latest.values()];
}

function silentState(lists: readonly Crl[], now: Date): RevocationState {
  const dates: number[] = [];
  for (const { thisUpdate, nextUpdate } of lists) {
    if (nextUpdate === undefined) return { kind: 'stale', reason: 'its list has no date of the next one' };
    if (!(thisUpdate <= now && now <= nextUpdate)) {
      return { kind: 'stale', reason: `its list is of ${instantText(thisUpdate)} to ${instantText(nextUpdate)}` };
    }
    dates.push(nextUpdate.getTime());
  }
  return { kind: 'good', nextUpdate: new Date(Math.min(...dates)) };
}

function newestFirst(a: Crl, b: Crl): number {
  return b.thisUpdate.getTime() - a.thisUpdate.getTime();
}

function refusalOf(list: Crl, issuer: Certificate): string | undefined {
  // RFC 5280 4.2.1.3
  if (issuer.keyUsage?.includes('cRLSign') === false)
    return 'its issuer may not sign lists (key usage without cRLSign)';
  const unknown = list.unknownCriticalExtensions;
  if (unknown.length > 0) return `a list with critical extensions that are not read here (${unknown.join(', ')})`;
  // its serial numbers are not those of public key certificates
  if (list.scope?.onlyAttributeCertificates) return 'a list of attribute certificates';
  return isSigned(list, issuer) ? undefined : 'a list whose signature does not verify, or is weak';
}

// A list may have megabytes, and is asked about for every certificate.
const verified = new WeakMap<Crl, Map<string, boolean>>();

function isSigned(list: Crl, issuer: Certificate): boolean {
  const known = verified.get(list) ?? new Map<string, boolean>();
  verified.set(list, known);
  const signed = known.get(issuer.spkiSha256) ?? verifies(list, issuer);
  known.set(issuer.spkiSha256, signed);
  return signed;
}

function verifies(list: Crl, issuer: Certificate): boolean {
  try {
    return isSignedBy(list, issuer.x509.publicKey);
  } catch {
    return false;
  }
}
