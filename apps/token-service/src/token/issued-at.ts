import { isRevoked, type FindRevocation, type RevocableToken } from '@partner-ecosystem/mtls-binding/protocol';

/** How far ahead of now a token may be dated. An API takes five seconds as a difference between clocks. // R11 */
const MOST_AHEAD_SECONDS = 4;

/**
 * When a token is said to be issued, in whole seconds: now, or just past a cutoff that would refuse it. A cutoff reaches
 * past its moment by what clocks may differ; a token that was asked for after a reinstatement must not be taken for an
 * old one. Where even that is not enough it is dated now, and refused. An `off` does not matter: whether a token may be
 * issued is for the registration to say.
 * @param find among the live entries
 */
export function issuedAt(
  { partnerId, clientId, audience, scopes, jti, confirmation }: Omit<RevocableToken, 'issuedAt' | 'keyId'>,
  find: FindRevocation,
  now: Date,
): number {
  const seconds = now.getTime() / 1_000;
  let past = Math.floor(seconds);
  const collect: FindRevocation = (...subject): undefined => {
    const entry = find(...subject);
    if (entry?.mode === 'cutoff' && entry.expires_at > seconds)
      past = Math.max(past, Math.floor(entry.issued_before!) + 1);
  };
  // The guard's own look-ups, none of which is answered: so it asks for every entry that could refuse the token.
  const token = { partnerId, clientId, audience, scopes, jti, confirmation, issuedAt: now, keyId: '' };
  isRevoked(token, collect, now);
  return past <= seconds + MOST_AHEAD_SECONDS ? past : Math.floor(seconds);
}
