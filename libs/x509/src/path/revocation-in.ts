import type { Certificate } from '../certificate/certificate.js';
import { sameDistinguishedName } from '../names/same-distinguished-name.js';
import type { RevocationList, RevokedEntry } from '../revocation/revocation-list.js';
import { revocationState } from './revocation-state.js';

export interface FoundRevocation {
  entry: RevokedEntry;
  list: RevocationList;
}

/**
 * The entry about a certificate in the newest list of the authority that issued it. A list counts for what the same key
 * signed, and for nothing else.
 * Does not check: whether the authorities are to be believed; ask about those that are.
 */
export function revocationIn(
  certificate: Certificate,
  authorities: readonly Certificate[],
  lists: readonly RevocationList[],
  now: Date,
): FoundRevocation | undefined {
  for (const authority of authorities) {
    if (!issued(authority, certificate)) continue;
    const state = revocationState(certificate, authority, lists, now);
    if (state.kind === 'revoked') return { entry: state.entry, list: state.list };
  }
  return undefined;
}

function issued(authority: Certificate, certificate: Certificate): boolean {
  if (!sameDistinguishedName(authority.subject, certificate.issuer)) return false;
  try {
    return certificate.x509.verify(authority.x509.publicKey);
  } catch {
    return false;
  }
}
