/** Error codes of the token endpoint: RFC 6749 section 5.2, RFC 8707 section 2, and two for our own faults. */
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
 * A token request was refused. `code` and `description` go to the caller; `check` and `message` to the log only.
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';

  /**
   * @param code what RFC 6749 lets the caller know
   * @param check which check refused: a stable name for logs, events and alerts
   * @param message the exact reason, for the operator
   * @param options.description text fit for the caller, `error_description`
   */
  constructor(
    readonly code: OAuthErrorCode,
    readonly check: string,
    message: string,
    options: ErrorOptions & { description: string },
  ) {
    super(message, options);
    this.description = options.description;
  }

  readonly description: string;

  get status(): number {
    return STATUS_OF[this.code];
  }
}

const SAME_FOR_EVERY_CLIENT =
  'Client authentication failed. Check that client_id is yours and that the connection presents a certificate that is registered for it, active and within its dates.';

/** 401 `invalid_client`: the same words whatever was wrong, so that nobody learns which clients exist. // A11 */
export function invalidClient(check: string, message: string, options?: ErrorOptions): OAuthError {
  return new OAuthError('invalid_client', check, message, { ...options, description: SAME_FOR_EVERY_CLIENT });
}

/** 400 `invalid_request`; here the description says what to mend. */
export function invalidRequest(check: string, description: string): OAuthError {
  return new OAuthError('invalid_request', check, description, { description });
}
