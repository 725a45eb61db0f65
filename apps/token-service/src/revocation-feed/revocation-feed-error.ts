export type RevocationFeedErrorCode =
  /** Postgres was not read for too long: something may have been revoked since. */
  | 'revocations_not_read'
  /** The clock of this process is too far from the one that dates revocations, or nobody knows how far. */
  | 'clock_differs'
  /** More polls wait than may. */
  | 'polls_too_many';

/** What is revoked cannot be said right now; nothing is signed meanwhile. Callers answer 503. */
export class RevocationFeedError extends Error {
  override readonly name = 'RevocationFeedError';

  constructor(
    readonly code: RevocationFeedErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
