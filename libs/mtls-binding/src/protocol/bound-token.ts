import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { confirmationFrom, type Confirmation } from './confirmation.js';
import { RefusedError, type RefusalCheck } from './errors.js';

/** Signature algorithms of the FAPI 2.0 profile; `Ed25519` is RFC 9864's name for what `EdDSA` meant. // A19, R3 */
export const SIGNATURE_ALGORITHMS: readonly string[] = ['ES256', 'PS256', 'EdDSA', 'Ed25519'];

/** A certificate-bound access token whose signature and claims were verified. */
export interface BoundToken {
  readonly partnerId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly issuer: string;
  readonly audience: string;
  readonly jti: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly confirmation: Confirmation;
  /** Every claim as signed, for what has no field of its own. */
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface VerificationRules {
  /** Compared exactly. */
  readonly issuer: string;
  /** This API's own audience, an absolute URI. */
  readonly audience: string;
  /** Keys of that issuer only: `remoteKeys(…)`, or a key set in process. */
  readonly keys: JWTVerifyGetKey;
}

/** R11: clocks of issuer and API may differ by this much; an expired token is expired. */
const LEEWAY_SECONDS = 5;

/**
 * Verifies signature, type, algorithm, issuer, audience, dates and the claims that every token of ours has (RFC 9068, R2 to R5, R10, R11).
 * @throws RefusedError `invalid_token`, or `unavailable` when the token may be good but its key cannot be had (R9)
 *
 * Does not check: possession of the certificate (`assertBound`), scopes, revocation.
 */
export async function verifyBoundToken(token: string, rules: VerificationRules, now: Date): Promise<BoundToken> {
  try {
    const { payload } = await jwtVerify(token, rules.keys, joseOptions(rules, now));
    return boundTokenFrom(payload, now);
  } catch (error) {
    if (error instanceof RefusedError) throw error;
    throw refusalOf(error) ?? keysUnavailable(error, token, rules, now);
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

function boundTokenFrom(claims: JWTPayload, now: Date): BoundToken {
  const seconds = now.getTime() / 1000;
  if (claims.exp! <= seconds) throw invalid('token_expired', 'the token has expired'); // jose granted the leeway to exp too
  if (typeof claims.iat !== 'number' || claims.iat > seconds + LEEWAY_SECONDS) {
    throw invalid('token_not_yet_valid', 'the token was issued in the future');
  }
  return {
    partnerId: textClaim(claims, 'partner_id'),
    clientId: textClaim(claims, 'client_id'),
    jti: textClaim(claims, 'jti'),
    scopes: scopesOf(claims['scope']),
    issuer: claims.iss!,
    audience: audienceOf(claims),
    issuedAt: new Date(claims.iat * 1000),
    expiresAt: new Date(claims.exp! * 1000),
    confirmation: confirmationFrom(claims['cnf']),
    claims,
  };
}

// One audience per token (A23): a list would let one API spend the token at another.
function audienceOf(claims: JWTPayload): string {
  if (typeof claims.aud === 'string') return claims.aud;
  throw invalid('token_audience', 'the token has a list of audiences');
}

// R10
function textClaim(claims: JWTPayload, name: string): string {
  const value = claims[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalid('token_claims', `the token has no ${name}`);
}

function scopesOf(claim: unknown): readonly string[] {
  if (claim === undefined) return [];
  if (typeof claim !== 'string') throw invalid('token_claims', 'the scope claim is no string');
  return claim.split(' ').filter((scope) => scope !== '');
}

function invalid(check: RefusalCheck, message: string, cause?: unknown): RefusedError {
  return new RefusedError('invalid_token', check, message, cause === undefined ? undefined : { cause });
}

const CLAIM_CHECKS: Record<string, RefusalCheck> = {
  iss: 'token_issuer',
  aud: 'token_audience',
  nbf: 'token_not_yet_valid',
  typ: 'token_type',
};

/** The refusal for what jose found wrong with the token itself; undefined when the keys, not the token, are the problem. */
function refusalOf(error: unknown): RefusedError | undefined {
  if (error instanceof errors.JWTExpired) return invalid('token_expired', 'the token has expired', error);
  if (error instanceof errors.JWTClaimValidationFailed) {
    return invalid(CLAIM_CHECKS[error.claim] ?? 'token_claims', error.message, error);
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return invalid('token_algorithm', error.message, error);
  if (error instanceof errors.JWSSignatureVerificationFailed) return invalid('token_signature', error.message, error);
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return invalid('token_key_unknown', error.message, error);
  }
  if (
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JOSENotSupported
  ) {
    return invalid('token_malformed', error.message, error);
  }
  return undefined;
}

// R9: a token that would be refused anyway gets its 401; only one that might have passed gets 503.
function keysUnavailable(cause: unknown, token: string, rules: VerificationRules, now: Date): RefusedError {
  try {
    const { alg, typ } = decodeProtectedHeader(token);
    if (!SIGNATURE_ALGORITHMS.includes(alg ?? '')) return invalid('token_algorithm', 'the algorithm is not allowed');
    if (!/^(application\/)?at\+jwt$/i.test(String(typ))) return invalid('token_type', 'the type is not at+jwt');
    const claims = decodeJwt(token);
    if (claims.iss !== rules.issuer) return invalid('token_issuer', 'unexpected issuer');
    if (claims.aud !== rules.audience) return invalid('token_audience', 'unexpected audience');
    if (typeof claims.exp !== 'number') return invalid('token_claims', 'the token has no exp');
    boundTokenFrom(claims, now);
  } catch (error) {
    return error instanceof RefusedError ? error : invalid('token_malformed', 'the token is no JWT', error);
  }
  return new RefusedError('unavailable', 'keys_unavailable', `the issuer's keys cannot be had: ${textOf(cause)}`, {
    cause,
  });
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
