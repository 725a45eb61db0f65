import type { JWTPayload } from 'jose';
import { assertInTime } from './assert-in-time.js';
import type { VerifiedToken } from './bound-token.js';
import { confirmationFrom } from './confirmation.js';
import { invalidToken } from './invalid-token.js';

/**
 * Reads what a verified token, or the issuer's answer about one, says. // R5, R10, R11
 * @throws RefusedError `invalid_token`
 *
 * Does not check: who says it; issuer and audience.
 */
export function tokenFromClaims(claims: JWTPayload, keyId: string, now: Date): VerifiedToken {
  const { issuedAt, notBefore, expiresAt } = datesOf(claims);
  assertInTime({ issuedAt, notBefore, expiresAt }, now);
  // No spread: V8 makes a dictionary of such an object, which takes ten times as long to make and to read.
  return {
    issuedAt,
    notBefore,
    expiresAt,
    partnerId: textClaim(claims, 'partner_id'),
    clientId: textClaim(claims, 'client_id'),
    jti: textClaim(claims, 'jti'),
    keyId,
    scopes: scopesOf(claims['scope']),
    issuer: claims.iss!,
    audience: audienceOf(claims),
    confirmation: claims['cnf'] === undefined ? undefined : confirmationFrom(claims['cnf']),
    claims,
  };
}

function datesOf({ iat, nbf, exp }: JWTPayload): Pick<VerifiedToken, 'issuedAt' | 'notBefore' | 'expiresAt'> {
  if (typeof exp !== 'number') throw invalidToken('token_claims', 'the token does not say when it expires');
  if (nbf !== undefined && typeof nbf !== 'number') throw invalidToken('token_claims', 'its nbf is no date');
  if (typeof iat !== 'number') throw invalidToken('token_not_yet_valid', 'the token does not say when it was issued');
  return {
    issuedAt: new Date(iat * 1000),
    notBefore: nbf === undefined ? undefined : new Date(nbf * 1000),
    expiresAt: new Date(exp * 1000),
  };
}

// One audience per token (A23): a list would let one API spend the token at another.
function audienceOf(claims: JWTPayload): string {
  if (typeof claims.aud === 'string') return claims.aud;
  throw invalidToken('token_audience', 'the token has a list of audiences');
}

// R10
function textClaim(claims: JWTPayload, name: string): string {
  const value = claims[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalidToken('token_claims', `the token has no ${name}`);
}

// A token that does not say which key signed it would outlive the distrust of that key.
export function keyIdFrom(kid: unknown): string {
  if (typeof kid === 'string' && kid !== '') return kid;
  throw invalidToken('token_key_unknown', 'the token does not say which key signed it');
}

function scopesOf(claim: unknown): readonly string[] {
  if (claim === undefined) return [];
  if (typeof claim !== 'string') throw invalidToken('token_claims', 'the scope claim is no string');
  return claim.split(' ').filter((scope) => scope !== '');
}
