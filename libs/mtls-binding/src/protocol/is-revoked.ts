import type { VerifiedToken } from './bound-token.js';
import type { RevocationEntry } from './revocation-feed.js';
import type { SubjectMap } from './subject-map.js';

/** What of a token its revocation hangs on. */
export type RevocableToken = Pick<
  VerifiedToken,
  'partnerId' | 'clientId' | 'audience' | 'scopes' | 'jti' | 'keyId' | 'issuedAt' | 'confirmation'
>;

/** The entry about a subject: see `SubjectMap.find`. */
export type FindRevocation = SubjectMap<RevocationEntry>['find'];

/**
 * The entry that refuses this token, if any: as many look-ups as the token has scopes, and six. // R2
 * An entry about one grant takes the whole token: nobody could tell which half of it is still meant.
 */
export function isRevoked(token: RevocableToken, find: FindRevocation, now: Date): RevocationEntry | undefined {
  const { confirmation } = token;
  return (
    refusing(find('all'), token, now) ??
    refusing(find('partner', token.partnerId), token, now) ??
    refusing(find('client', token.clientId), token, now) ??
    refusing(confirmation && find('certificate', confirmation['x5t#S256']), token, now) ??
    refusing(find('jti', token.jti), token, now) ??
    refusing(find('key', token.keyId), token, now) ??
    revokedGrant(token, find, now)
  );
}

function revokedGrant(token: RevocableToken, find: FindRevocation, now: Date): RevocationEntry | undefined {
  const { clientId, audience } = token;
  for (const scope of token.scopes) {
    const entry = refusing(find('grant', clientId, audience, scope), token, now);
    if (entry) return entry;
  }
  return undefined;
}

function refusing(entry: RevocationEntry | undefined, { issuedAt }: RevocableToken, now: Date) {
  return entry && isLive(entry, now) && refuses(entry, issuedAt) ? entry : undefined;
}

function isLive(entry: RevocationEntry, now: Date): boolean {
  return entry.expires_at * 1000 > now.getTime();
}

function refuses({ mode, issued_before }: RevocationEntry, issuedAt: Date): boolean {
  return mode === 'off' || issued_before === undefined || issuedAt.getTime() <= issued_before * 1000;
}
