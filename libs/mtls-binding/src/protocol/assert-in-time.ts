import type { VerifiedToken } from './bound-token.js';
import { RefusedError } from './errors.js';

/** R11: clocks of issuer and API may differ by this much; an expired token is expired. */
const LEEWAY_SECONDS = 5;

/**
 * Holds the dates of a token to the clock. // R2, R11
 * @throws RefusedError `invalid_token`
 */
export function assertInTime(
  { issuedAt, notBefore, expiresAt }: Pick<VerifiedToken, 'issuedAt' | 'notBefore' | 'expiresAt'>,
  now: Date,
): void {
  // Not `<=`: a date that is none has expired.
  if (!(expiresAt.getTime() > now.getTime())) {
    throw new RefusedError('invalid_token', 'token_expired', 'the token has expired');
  }
  const latest = now.getTime() + LEEWAY_SECONDS * 1000;
  if (!(issuedAt.getTime() <= latest)) {
    throw new RefusedError('invalid_token', 'token_not_yet_valid', 'the token was issued in the future');
  }
  if (notBefore && !(notBefore.getTime() <= latest)) {
    throw new RefusedError('invalid_token', 'token_not_yet_valid', 'the token is not valid yet');
  }
}
