import type { KeyPurpose } from '../records/key-purpose.js';
import { FEED_ALGORITHM, SIGNING_ALGORITHMS, type SigningAlgorithm } from '../records/signing-algorithm.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

/** A27: no token lives longer. */
const LONGEST_TOKEN_MS = 900 * SECOND;
/** How far the clocks of those who judge `exp` may be off, plus what signing itself may take. */
const SKEW_MS = 60 * SECOND;
/** Between the instant a new key's row bears and its commit. No statement of this app may take longer. */
const LONGEST_COMMIT_MS = 10 * SECOND;
const JWKS_MAX_AGE_SECONDS = 300;

/** Everything that decides when a signing key is made, used, retired and destroyed. Durations in milliseconds. // A28 */
export class SigningKeyPolicy {
  /** Keys are kept ready for each: making an RSA pair takes half a second once per rotation, never per start. // A19 */
  readonly algorithms: readonly SigningAlgorithm[] = SIGNING_ALGORITHMS;
  /** How long a key is the current one. */
  readonly rotationMs: number = 30 * DAY;
  /** How long a standby is published before it signs on schedule: longer than anybody caches a key set. */
  readonly publishBeforeUseMs: number = 24 * HOUR;
  /** How often a replica reads the keys; a distrusted key is felt this fast. Jittered. */
  readonly pollMs: number = SECOND;
  /** A replica that has not read the keys for this long neither signs nor publishes: it might do so with a distrusted key. */
  readonly staleAfterMs: number = 30 * SECOND;

  constructor(given: Partial<Omit<SigningKeyPolicy, 'of' | 'settleMs' | 'keepRetiredMs' | 'jwksMaxAgeSeconds'>> = {}) {
    Object.assign(this, given);
  }

  /** The same durations for the keys of one purpose; the feed is signed with one algorithm, which every guard knows. */
  of(purpose: KeyPurpose): SigningKeyPolicy {
    return purpose === 'access_token' ? this : new SigningKeyPolicy({ ...this, algorithms: [FEED_ALGORITHM] });
  }

  /** A key published this long is in every set that any replica still publishes: without it not even an emergency uses one. */
  get settleMs(): number {
    return this.staleAfterMs + LONGEST_COMMIT_MS;
  }

  /** Until the last token has expired. A replica that had not noticed may have signed a little after the retirement. */
  get keepRetiredMs(): number {
    return LONGEST_TOKEN_MS + this.staleAfterMs + SKEW_MS;
  }

  /** Whoever caches the key set must have read it again well before its standby signs. */
  get jwksMaxAgeSeconds(): number {
    return Math.min(JWKS_MAX_AGE_SECONDS, Math.floor(this.publishBeforeUseMs / 2 / SECOND));
  }
}
