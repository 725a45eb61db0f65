/** What a refused caller is told: an RFC 6750 error code, or none at all when no credentials were sent (section 3.1). */
export type PublicCode = 'unauthorized' | 'invalid_request' | 'invalid_token' | 'insufficient_scope' | 'unavailable';

/**
 * Which check refused. Operators read these in the log; callers never see them.
 * Stable: alerts and dashboards are built on them.
 */
export type RefusalCheck =
  | 'credentials_missing'
  | 'authorization_malformed'
  | 'authorization_repeated'
  | 'token_too_long'
  | 'token_malformed'
  | 'token_type'
  | 'token_algorithm'
  | 'token_signature'
  | 'token_key_unknown'
  | 'token_issuer'
  | 'token_audience'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'token_claims'
  | 'confirmation_missing'
  | 'confirmation_unknown'
  | 'certificate_missing'
  | 'certificate_mismatch'
  | 'certificate_header_unexpected'
  | 'certificate_header_untrusted'
  | 'certificate_header_repeated'
  | 'certificate_header_twin'
  | 'certificate_header_malformed'
  | 'certificate_header_probe'
  | 'scope_missing'
  | 'token_revoked'
  | 'token_inactive'
  | 'revocations_stale'
  | 'introspection_unavailable'
  | 'keys_unavailable';

const PUBLIC_TEXT: Record<PublicCode, string> = {
  unauthorized: 'This route needs an access token in the Authorization header.',
  invalid_request: 'The Authorization header is malformed. Send exactly one: "Authorization: Bearer <token>".',
  invalid_token:
    'The access token is not valid here: it must be unexpired, issued for this API and bound to the client certificate of this connection.',
  insufficient_scope: 'The access token lacks a scope that this route needs.',
  unavailable: 'The access token cannot be judged right now. Try again shortly.',
};

// The same for all of them: who forges a header must not learn how near it came.
const CERTIFICATE_HEADER_TEXT = 'A client certificate header is not accepted here.';

/** What the start-up probe listens for; it can be told to whoever found the hole. */
export const PROBE_BELIEVED_TEXT = 'A forged client certificate header was believed.';

const STATUS: Record<PublicCode, number> = {
  unauthorized: 401,
  invalid_request: 400,
  invalid_token: 401,
  insufficient_scope: 403,
  unavailable: 503,
};

/**
 * A request was refused. `code`, `status` and `publicText` may be told to the caller;
 * `check` and `message` are for the operator's log only.
 */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number;
  readonly publicText: string;

  constructor(
    readonly code: PublicCode,
    readonly check: RefusalCheck,
    message: string,
    options?: ErrorOptions & { requiredScopes?: readonly string[] },
  ) {
    super(message, options);
    this.status = STATUS[code];
    this.publicText = publicTextOf(code, check);
    this.requiredScopes = options?.requiredScopes;
  }

  /** The scopes the route needs; only set with `insufficient_scope`. */
  readonly requiredScopes: readonly string[] | undefined;
}

function publicTextOf(code: PublicCode, check: RefusalCheck): string {
  if (check === 'certificate_header_probe') return PROBE_BELIEVED_TEXT;
  return check.startsWith('certificate_header_') ? CERTIFICATE_HEADER_TEXT : PUBLIC_TEXT[code];
}
