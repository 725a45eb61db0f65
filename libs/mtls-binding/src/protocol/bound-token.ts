import type { KeyObject } from 'node:crypto';
import { errors, type CompactJWSHeaderParameters, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { claimsIn, readCompactJws, type CompactJws } from './compact-jws.js';
import { confirmedBy, type Confirmation } from './confirmation.js';
import { RefusedError } from './errors.js';
import { invalidToken } from './invalid-token.js';
import { isSigned } from './is-signed.js';
import { keyIdFrom, tokenFromClaims } from './token-from-claims.js';
import { verificationKey } from './verification-key.js';

/** Signature algorithms of the FAPI 2.0 profile; `Ed25519` is RFC 9864's name for what `EdDSA` meant. // A19, R3 */
export const SIGNATURE_ALGORITHMS: readonly string[] = ['ES256', 'PS256', 'EdDSA', 'Ed25519'];

/** R3; the short form is the registered one, and RFC 9068 allows both. */
const AT_JWT = /^(application\/)?at\+jwt$/i;

/** An access token whose signature and claims were verified. */
export interface VerifiedToken {
  readonly partnerId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly issuer: string;
  readonly audience: string;
  readonly jti: string;
  /** `kid` of the key that signed it: the key may be distrusted. Empty for a token that the issuer was asked about. */
  readonly keyId: string;
  readonly issuedAt: Date;
  readonly notBefore?: Date | undefined;
  readonly expiresAt: Date;
  /** undefined: a plain bearer token, which only passes while its API is in report-only mode. */
  readonly confirmation: Confirmation | undefined;
  /** Every claim as signed, for what has no field of its own. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A verified token that is bound to a certificate: every token that passes, unless the API is in report-only mode. */
export interface BoundToken extends VerifiedToken {
  readonly confirmation: Confirmation;
}

export interface VerificationRules {
  /** Compared exactly. */
  readonly issuer: string;
  /** This API's own audience, an absolute URI. */
  readonly audience: string;
  /** Keys of that issuer only: `remoteKeys(…)`, or a key set in process. */
  readonly keys: JWTVerifyGetKey;
}

/**
 * As `verifyAccessToken`, and refuses a plain bearer token. // R5
 *
 * Does not check: possession of the certificate (`assertBound`), scopes, revocation. `further` does.
 */
export async function verifyBoundToken(
  token: string,
  rules: VerificationRules,
  now: Date,
  further: (token: BoundToken) => void = () => {},
): Promise<BoundToken> {
  return boundTokenOf(await verifyAccessToken(token, rules, now, (verified) => further(boundTokenOf(verified))));
}

function boundTokenOf(token: VerifiedToken): BoundToken {
  return { ...token, confirmation: confirmedBy(token.confirmation) };
}

/**
 * Verifies signature, type, algorithm, issuer, audience, dates and the claims that every token of ours has (RFC 9068, R2 to R4, R10, R11),
 * and that its confirmation, if it has one, is one we know. // R5
 * @param further what else the caller demands of the token; throws RefusedError. It is given the claims of a token whose
 *   key cannot be had too, so that a request that never would pass hears why (R9); whatever it returns, that token is refused
 * @throws RefusedError `invalid_token`, what `further` throws, or `unavailable` when the token may be good but its key cannot be had (R9)
 *
 * Does not check: that it has a confirmation, nor possession of the certificate, scopes and revocation. `further` does.
 */
export async function verifyAccessToken(
  token: string,
  rules: VerificationRules,
  now: Date,
  further: (token: VerifiedToken) => void = () => {},
): Promise<VerifiedToken> {
  const { judged, unavailable } = await judge(token, rules, now);
  further(judged);
  if (unavailable) throw unavailable;
  return judged;
}

interface Judgement {
  readonly judged: VerifiedToken;
  /** Set when the key cannot be had: then nobody vouches for `judged`, and this is what to throw in the end. */
  readonly unavailable?: RefusedError;
}

// jose fetches, chooses and imports the keys. Reading and verifying the JWS is ours: docs/adr/0009.
async function judge(token: string, rules: VerificationRules, now: Date): Promise<Judgement> {
  const jws = readCompactJws(token);
  const algorithm = algorithmOf(jws.header);
  let key: KeyObject;
  try {
    key = verificationKey(algorithm, await rules.keys(jws.header as CompactJWSHeaderParameters, jws.parts));
  } catch (error) {
    if (isNoSuchKey(error)) throw invalidToken('token_key_unknown', error.message, error);
    return { judged: tokenMeant(jws, rules, now), unavailable: keysUnavailable(error) }; // R9
  }
  await assertSigned(jws, algorithm, key);
  return { judged: tokenMeant(jws, rules, now) };
}

function algorithmOf({ alg }: CompactJws['header']): string {
  if (typeof alg !== 'string' || alg === '') throw invalidToken('token_malformed', 'the header names no algorithm');
  if (SIGNATURE_ALGORITHMS.includes(alg)) return alg;
  throw invalidToken('token_algorithm', 'the algorithm is not allowed');
}

function isNoSuchKey(error: unknown): error is Error {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
}

async function assertSigned({ signingInput, signature }: CompactJws, algorithm: string, key: KeyObject): Promise<void> {
  let cause: unknown;
  try {
    if (await isSigned(algorithm, key, signingInput, signature)) return;
  } catch (error) {
    cause = error;
  }
  throw invalidToken('token_signature', 'the signature is not that of the key it names', cause);
}

/** What it says, held to what it must say here: type, issuer, audience, dates and the claims that every token of ours has. */
function tokenMeant(jws: CompactJws, rules: VerificationRules, now: Date): VerifiedToken {
  const { typ, kid } = jws.header;
  const claims: JWTPayload = claimsIn(jws);
  if (typeof typ !== 'string' || !AT_JWT.test(typ)) throw invalidToken('token_type', 'the type is not at+jwt');
  if (typeof claims.exp !== 'number') throw invalidToken('token_claims', 'the token does not say when it expires');
  if (typeof claims.iat !== 'number') throw invalidToken('token_claims', 'the token does not say when it was issued');
  if (claims.iss !== rules.issuer) throw invalidToken('token_issuer', 'unexpected issuer');
  if (claims.aud !== rules.audience) throw invalidToken('token_audience', 'unexpected audience');
  if (claims.nbf !== undefined && typeof claims.nbf !== 'number') {
    throw invalidToken('token_not_yet_valid', 'its nbf is no date');
  }
  return tokenFromClaims(claims, keyIdFrom(kid), now); // the dates too
}

function keysUnavailable(cause: unknown): RefusedError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RefusedError('unavailable', 'keys_unavailable', `the issuer's keys cannot be had: ${reason}`, { cause });
}
