/**
 * Why a statement of the feed was not taken. Operators read these in the log and in alerts.
 * The last three are the state's: the statement is sound, but it does not follow on what is held.
 */
export type FeedRefusalCode =
  | 'feed_signature'
  | 'feed_type'
  | 'feed_issuer'
  | 'feed_expired'
  | 'feed_from_future'
  | 'feed_malformed'
  | 'feed_replayed'
  | 'feed_seq_lower'
  | 'feed_gap';

/** A statement of the revocation feed was refused: nothing of it counts, and it renews nothing. `code` is stable. */
export class FeedRefusedError extends Error {
  override readonly name = 'FeedRefusedError';

  constructor(
    readonly code: FeedRefusalCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
