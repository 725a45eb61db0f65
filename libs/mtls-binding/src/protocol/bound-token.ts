import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
  type ProtectedHeaderParameters,
} from 'jose';
import { LEEWAY_SECONDS } from './assert-in-time.js';
import { assertOneSpelling } from './assert-one-spelling.js';
import { confirmedBy, type Confirmation } from './confirmation.js';
import { RefusedError, type RefusalCheck } from './errors.js';
import { invalidToken } from './invalid-token.js';
import { keyIdFrom, tokenFromClaims } from './token-from-claims.js';

/** Signature algorithms of the FAPI 2.0 profile; `Ed25519` is RFC 9864's name for what `EdDSA` meant. // A19, R3 */
export const SIGNATURE_ALGORITHMS: readonly string[] = ['ES256', 'PS256', 'EdDSA', 'Ed25519'];

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

async function judge(token: string, rules: VerificationRules, now: Date): Promise<Judgement> {
  try {
    assertOneSpelling(token);
    const { payload, protectedHeader } = await jwtVerify(token, rules.keys, joseOptions(rules, now));
    return { judged: tokenFromClaims(payload, keyIdFrom(protectedHeader.kid), now) };
  } catch (error) {
    const refusal = error instanceof RefusedError ? error : refusalOf(error);
    if (refusal) throw refusal;
    return { judged: claimed(token, rules, now), unavailable: keysUnavailable(error) };
  }
}

function joseOptions(rules: VerificationRules, now: Date) {
  return {
    issuer: rules.issuer,
    audience: rules.audience,
    algorithms: [...SIGNATURE_ALGORITHMS],
    typ: 'at+jwt', // R3; jose also accepts application/at+jwt
    clockTolerance: LEEWAY_SECONDS,
    currentDate: now,
    requiredClaims: ['exp', 'iat'],
  };
}

const CLAIM_CHECKS: Record<string, RefusalCheck> = {
  iss: 'token_issuer',
  aud: 'token_audience',
  nbf: 'token_not_yet_valid',
  typ: 'token_type',
};

/** The refusal for what jose found wrong with the token itself; undefined when the keys, not the token, are the problem. */
function refusalOf(error: unknown): RefusedError | undefined {
  if (error instanceof errors.JWTExpired) return invalidToken('token_expired', 'the token has expired', error);
  if (error instanceof errors.JWTClaimValidationFailed) {
    return invalidToken(CLAIM_CHECKS[error.claim] ?? 'token_claims', error.message, error);
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return invalidToken('token_algorithm', error.message, error);
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return invalidToken('token_signature', error.message, error);
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return invalidToken('token_key_unknown', error.message, error);
  }
  if (
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JOSENotSupported
  ) {
    return invalidToken('token_malformed', error.message, error);
  }
  return undefined;
}

/** R9: what the token claims, when its key cannot be had: one that would be refused anyway gets its 401. */
function claimed(token: string, rules: VerificationRules, now: Date): VerifiedToken {
  const { header, claims } = decoded(token);
  if (!SIGNATURE_ALGORITHMS.includes(header.alg ?? ''))
    throw invalidToken('token_algorithm', 'the algorithm is not allowed');
  if (!/^(application\/)?at\+jwt$/i.test(String(header.typ)))
    throw invalidToken('token_type', 'the type is not at+jwt');
  if (header.crit !== undefined) throw invalidToken('token_malformed', 'the header has a critical extension');
  if (claims.iss !== rules.issuer) throw invalidToken('token_issuer', 'unexpected issuer');
  if (claims.aud !== rules.audience) throw invalidToken('token_audience', 'unexpected audience');
  if (typeof claims.exp !== 'number') throw invalidToken('token_claims', 'the token has no exp');
  const latest = now.getTime() / 1000 + LEEWAY_SECONDS;
  if (claims.nbf !== undefined && !(typeof claims.nbf === 'number' && claims.nbf <= latest)) {
    throw invalidToken('token_not_yet_valid', 'the token is not valid yet');
  }
  return tokenFromClaims(claims, keyIdFrom(header.kid), now);
}

function decoded(token: string): { header: ProtectedHeaderParameters; claims: JWTPayload } {
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) };
  } catch (error) {
    throw invalidToken('token_malformed', 'the token is no JWT', error);
  }
}

function keysUnavailable(cause: unknown): RefusedError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RefusedError('unavailable', 'keys_unavailable', `the issuer's keys cannot be had: ${reason}`, { cause });
}
