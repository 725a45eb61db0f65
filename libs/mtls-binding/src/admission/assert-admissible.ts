import type { Revocations } from '../revocation/revocation-state.js';
import { assertInTime } from '../protocol/assert-in-time.js';
import type { VerifiedToken } from '../protocol/bound-token.js';
import { assertBound, confirmedBy } from '../protocol/confirmation.js';

/** What becomes of a token without any confirmation. `let_through` is the ramp for APIs that still have such clients. */
export type PlainTokens = 'refused' | 'let_through';

/**
 * What a verified token is held to on every request, whether it was seen before or not: its dates, the certificate of this
 * connection, the revocations. // R2, R5, R11
 * @param presented thumbprint of the presented certificate; undefined when none was
 * @param plainTokens a token that has a confirmation is held to it either way
 * @throws RefusedError `invalid_token`
 *
 * Does not check: signature, issuer and audience (`verifyAccessToken`), scopes, how fresh the revocations are.
 */
export function assertAdmissible(
  token: VerifiedToken,
  presented: string | undefined,
  revocations: Pick<Revocations, 'assertNotRevoked'>,
  now: Date,
  plainTokens: PlainTokens = 'refused',
): void {
  assertInTime(token, now);
  if (token.confirmation !== undefined || plainTokens !== 'let_through') {
    assertBound(confirmedBy(token.confirmation), presented);
  }
  revocations.assertNotRevoked(token, now);
}
