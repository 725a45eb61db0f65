/** A steady rate with room above it. */
export interface RateLimit {
  readonly perSecond: number;
  /** So many at once after a pause. */
  readonly burst: number;
}

/** How much of this replica one caller, and all together, may take. */
export class LimitsPolicy {
  /** Of clients that proved who they are: nobody can use up another's. */
  readonly perClient: RateLimit = { perSecond: 100, burst: 200 };
  /**
   * Of callers that proved nothing yet. Behind a balancer that hides its callers' addresses this is the limit of all of
   * them: raise it there.
   */
  readonly perAddress: RateLimit = { perSecond: 1_000, burst: 2_000 };
  /** Requests that are being answered; one whose body has not arrived yet is none. */
  readonly concurrent: number = 500;
  /** So many of them may be of callers that proved nothing yet: the rest is kept for those that did. */
  readonly concurrentUnproven: number = this.concurrent / 2;

  constructor(given: Partial<LimitsPolicy> = {}) {
    Object.assign(this, given);
  }
}
