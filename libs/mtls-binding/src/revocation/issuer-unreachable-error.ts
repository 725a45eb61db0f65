/** Why the feed could not be asked. Operators read these in the log and in alerts. */
export type UnreachableCode =
  | 'no_answer'
  | 'too_late'
  | 'too_long'
  | 'status'
  | 'media_type'
  | 'metadata_malformed'
  | 'metadata_issuer'
  | 'token_refused'
  | 'token_malformed'
  | 'keys_unavailable'
  | 'not_started';

/** The issuer gave no statement of the feed that could be judged. `code` is stable. */
export class IssuerUnreachableError extends Error {
  override readonly name = 'IssuerUnreachableError';

  constructor(
    readonly code: UnreachableCode,
    message: string,
    options?: ErrorOptions & { status?: number; retryAfterMs?: number },
  ) {
    super(message, options);
    this.status = options?.status;
    this.retryAfterMs = options?.retryAfterMs;
  }

  /** What the issuer answered with, where that was the problem. */
  readonly status: number | undefined;
  /** How long the issuer wants to be left alone. */
  readonly retryAfterMs: number | undefined;
}
