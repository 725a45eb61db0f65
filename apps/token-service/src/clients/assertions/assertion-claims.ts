import { z } from 'zod';
import { invalidClient } from '../../oauth-error/oauth-error.js';

/** Seconds between `iat` and `exp`. */
const LONGEST_LIFETIME = 300;
/** Seconds the caller's clock may be ahead. FAPI 2.0 section 5.3.2.1: 10 s must pass, more than 60 s must not. // A7 */
export const CLOCK_SKEW_SECONDS = 60;

const instant = z.number().finite();
const claimsSchema = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.unknown(),
  exp: instant,
  iat: instant,
  nbf: instant.optional(),
  jti: z.string().min(1).max(256),
});

export interface AssertionRules {
  readonly clientId: string;
  /** The issuer identifier, which `aud` has to be. */
  readonly issuer: string;
  readonly now: Date;
}

export interface AssertionClaims {
  readonly jti: string;
  readonly expiresAt: Date;
}

/**
 * Judges the claims of a client assertion whose signature was verified. // A6, A7
 * @throws OAuthError `invalid_client`
 *
 * Does not check: whether it was used before.
 */
export function assertionClaims(payload: unknown, { clientId, issuer, now }: AssertionRules): AssertionClaims {
  const parsed = claimsSchema.safeParse(payload);
  if (!parsed.success) throw malformed(parsed.error);
  const { iss, sub, aud, exp, iat, nbf, jti } = parsed.data;
  const seconds = now.getTime() / 1000;
  const latest = seconds + CLOCK_SKEW_SECONDS;
  hold(iss === sub, 'assertion_issuer', `iss ${JSON.stringify(iss)} is not sub ${JSON.stringify(sub)}`);
  hold(sub === clientId, 'assertion_subject', `sub ${JSON.stringify(sub)} is not the client_id`);
  // Neither an array nor an endpoint: an assertion for another server must not be of use here.
  hold(aud === issuer, 'assertion_audience', `aud ${JSON.stringify(aud)} is not ${JSON.stringify(issuer)}`);
  hold(exp > seconds, 'assertion_expired', `exp ${exp} has passed`);
  hold(iat <= latest, 'assertion_issued_ahead', `iat ${iat} is more than ${CLOCK_SKEW_SECONDS} s ahead`);
  hold(exp - iat <= LONGEST_LIFETIME && exp > iat, 'assertion_lifetime', `${exp - iat} s between iat and exp`);
  hold(nbf === undefined || nbf <= latest, 'assertion_not_yet_valid', `nbf ${nbf} is more than that ahead`);
  return { jti, expiresAt: new Date(exp * 1000) };
}

function hold(kept: boolean, check: string, message: string): void {
  if (!kept) throw invalidClient(check, message);
}

function malformed(error: z.ZodError): Error {
  const name = String(error.issues[0]?.path[0] ?? 'claims');
  return invalidClient(`assertion_${name}`, `the claim ${name} is missing or malformed`, { cause: error });
}
