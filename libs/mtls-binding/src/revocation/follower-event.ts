import type { FeedRefusedError } from '../protocol/feed-refused-error.js';
import type { IssuerUnreachableError } from './issuer-unreachable-error.js';

/**
 * Something changed for a follower. Told once per change, however often the same thing goes wrong after it.
 * - `fresh`: a statement was accepted: the first one, or the first after a failure
 * - `new_epoch`: the issuer began a new history of revocations, as after a restored backup; the whole of it was taken over
 * - `refused`: a statement came that must not be believed. Replicas of the issuer that are a moment apart can cause one
 *   with `feed_replayed` or `feed_seq_lower`, and `fresh` follows; any other is worth an alarm: who says such things?
 * - `unreachable`: no statement came
 * - `stale`: nothing was accepted for longer than the issuer allows; from now on the guard answers 503 // R9
 */
export type FollowerEvent =
  | { readonly kind: 'fresh'; readonly epoch: string; readonly seq: number }
  | { readonly kind: 'new_epoch'; readonly epoch: string; readonly seq: number }
  | { readonly kind: 'refused'; readonly code: string; readonly error: FeedRefusedError }
  | { readonly kind: 'unreachable'; readonly code: string; readonly error: IssuerUnreachableError }
  | { readonly kind: 'stale'; readonly code: 'revocations_stale'; readonly error: Error };
