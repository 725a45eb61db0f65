import type { VerificationRules, VerifiedToken } from '../protocol/bound-token.js';
import { invalidToken } from '../protocol/invalid-token.js';
import { tokenFromClaims } from '../protocol/token-from-claims.js';
import type { Introspection } from './introspection.js';

export interface IntrospectionRules extends Pick<VerificationRules, 'issuer' | 'audience'> {
  readonly introspection: Introspection;
}

/** It is no JWT of ours: no key signed it. */
const NO_KEY = '';

/**
 * As `verifyAccessToken`, for an opaque token: its issuer says what a JWT would. // R2, R10
 * @param now asked once the answer is there
 * @throws RefusedError `invalid_token`, or `unavailable` when the issuer cannot be asked
 *
 * Does not check: that it has a confirmation, nor possession of the certificate, scopes and revocation.
 */
export async function introspectToken(
  token: string,
  { issuer, audience, introspection }: IntrospectionRules,
  now: () => Date,
): Promise<VerifiedToken> {
  const answer = await introspection.ask(token);
  if (answer['active'] !== true) throw invalidToken('token_inactive', 'the issuer says that the token is not active');
  if ((answer['iss'] ?? issuer) !== issuer) throw invalidToken('token_issuer', 'unexpected issuer');
  if (answer['aud'] !== audience) throw invalidToken('token_audience', 'unexpected audience');
  return tokenFromClaims({ ...answer, iss: issuer }, NO_KEY, now());
}
