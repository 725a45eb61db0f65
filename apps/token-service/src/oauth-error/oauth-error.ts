/** Error codes of the OAuth endpoints: RFC 6749 section 5.2, RFC 8707 section 2, and two for our own faults. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_target'
  | 'temporarily_unavailable'
  | 'server_error';

/** The one table from code to status. */
export const STATUS_OF = {
  invalid_request: 400,
  invalid_client: 401,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  invalid_target: 400,
  temporarily_unavailable: 503,
  server_error: 500,
} as const satisfies Record<OAuthErrorCode, number>;

/**
 * A request to an OAuth endpoint was refused. `code` and `description` go to the caller; `check` and `message` to the log only.
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';

  /**
   * @param code what RFC 6749 lets the caller know
   * @param check which check refused: a stable name for logs, events and alerts
   * @param message the exact reason, for the operator
   * @param options.description text fit for the caller, `error_description`
   * @param options.status where it is not the code's own
   * @param options.retryAfterSeconds when asking again makes sense
   */
  constructor(
    readonly code: OAuthErrorCode,
    readonly check: string,
    message: string,
    options: ErrorOptions & { description: string; status?: number; retryAfterSeconds?: number },
  ) {
    super(message, options);
    this.description = options.description;
    this.status = options.status ?? STATUS_OF[code];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  readonly description: string;
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
}

const SAME_FOR_EVERY_CLIENT =
  'Client authentication failed. Check that client_id is yours, that you authenticate by the method registered for it, and that the connection presents a certificate that is registered for it, active and within its dates.';

/** 401 `invalid_client`: the same words whatever was wrong, so that nobody learns which clients exist. // A11 */
export function invalidClient(check: string, message: string, options?: ErrorOptions): OAuthError {
  return new OAuthError('invalid_client', check, message, { ...options, description: SAME_FOR_EVERY_CLIENT });
}

/** 400 `invalid_request`; here the description says what to mend. */
export function invalidRequest(check: string, description: string): OAuthError {
  return new OAuthError('invalid_request', check, description, { description });
}

/** 400: the same words and the same check whether the token was ever issued or not. // A25, A31 */
export function tokenOfAnotherClient(clientId: string): OAuthError {
  return new OAuthError('unauthorized_client', 'token_of_another_client', `the token names the client ${clientId}`, {
    description: 'A client can revoke its own tokens only. Nothing was revoked.',
  });
}

/** 503: nothing is wrong with the request, and nothing was decided. */
export function temporarilyUnavailable(check: string, message: string, options?: ErrorOptions): OAuthError {
  const description =
    'The token service cannot answer right now. Try again shortly, and quote the request_id when it lasts.';
  return new OAuthError('temporarily_unavailable', check, message, { ...options, description });
}

/** 429, RFC 6585 section 4: RFC 6749 has no error of its own for it. */
export function tooManyRequests(check: string, message: string, retryAfterSeconds: number): OAuthError {
  const description = 'Too many requests. Ask again after Retry-After, and reuse a token until it expires.';
  return new OAuthError('temporarily_unavailable', check, message, { description, status: 429, retryAfterSeconds });
}
