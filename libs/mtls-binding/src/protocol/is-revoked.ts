import type { VerifiedToken } from './bound-token.js';
import { subjectKey, type RevocationEntry } from './revocation-feed.js';
import { Stamped } from './stamped.js';

/** What of a token its revocation hangs on. */
export type RevocableToken = Pick<
  VerifiedToken,
  'partnerId' | 'clientId' | 'audience' | 'scopes' | 'jti' | 'keyId' | 'issuedAt' | 'confirmation'
>;

/**
 * The entry that refuses this token, if any: as many look-ups as the token has scopes, and six. // R2
 * @param find the entry of a `subjectKey`
 */
export function isRevoked(
  token: RevocableToken,
  find: (key: string) => RevocationEntry | undefined,
  now: Date,
): RevocationEntry | undefined {
  for (const key of Keyed.keysOf(token)) {
    const entry = find(key);
    if (entry && isLive(entry, now) && refuses(entry, token.issuedAt)) return entry;
  }
  return undefined;
}

// A token that is asked about again and again is looked at once: the keys cost more than the look-ups.
class Keyed extends Stamped {
  readonly #keys: readonly string[];

  constructor(token: RevocableToken) {
    super(token);
    this.#keys = subjectKeysOf(token);
  }

  static keysOf(token: RevocableToken): readonly string[] {
    return #keys in token ? token.#keys : new Keyed(token).#keys;
  }
}

/** An entry about one grant takes the whole token: nobody could tell which half of it is still meant. */
function subjectKeysOf({ partnerId, clientId, audience, scopes, jti, keyId, confirmation }: RevocableToken): string[] {
  return [
    subjectKey('all', {}),
    subjectKey('partner', { partner_id: partnerId }),
    subjectKey('client', { client_id: clientId }),
    ...(confirmation ? [subjectKey('certificate', { thumbprint: confirmation['x5t#S256'] })] : []),
    subjectKey('jti', { jti }),
    subjectKey('key', { kid: keyId }),
    ...scopes.map((scope) => subjectKey('grant', { client_id: clientId, audience, scope })),
  ];
}

function isLive(entry: RevocationEntry, now: Date): boolean {
  return entry.expires_at * 1000 > now.getTime();
}

function refuses({ mode, issued_before }: RevocationEntry, issuedAt: Date): boolean {
  return mode === 'off' || issued_before === undefined || issuedAt.getTime() <= issued_before * 1000;
}
