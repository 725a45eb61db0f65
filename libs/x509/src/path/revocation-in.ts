import type { Certificate } from '../certificate/certificate.js';
import { sameDistinguishedName } from '../names/same-distinguished-name.js';
import type { Crl, RevokedEntry } from '../revocation/crl.js';
import { isIssuedBy } from './is-issued-by.js';
import { revocationState } from './revocation-state.js';

export interface FoundRevocation {
  entry: RevokedEntry;
  list: Crl;
}

/**
 * The entry about a certificate in the newest list of the authority that issued it. A list counts for what the same key
 * signed, and for nothing else.
 * Does not check: whether the authorities are to be believed; ask about those that are.
 */
export function revocationIn(
  certificate: Certificate,
  authorities: readonly Certificate[],
  lists: readonly Crl[],
  now: Date,
): FoundRevocation | undefined {
  for (const authority of authorities) {
    if (!issued(authority, certificate)) continue;
    const state = revocationState(certificate, authority, lists, now);
    if (state.kind === 'revoked') return { entry: state.entry, list: state.list };
  }
  return undefined;
}

/** By name and signature. */
export function issued(authority: Certificate, certificate: Certificate): boolean {
  return sameDistinguishedName(authority.subject, certificate.issuer) && isIssuedBy(certificate, authority);
}
