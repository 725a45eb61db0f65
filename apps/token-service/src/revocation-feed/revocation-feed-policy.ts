const SECOND = 1_000;

/** What decides how fresh the feed is and how large it may grow. Durations in milliseconds. */
export class RevocationFeedPolicy {
  /** Entries a statement may have before finer ones are told as coarser ones. */
  readonly bound: number = 10_000;
  /** How long an API may go on with one statement: `max_age` of the feed. // R9 */
  readonly maxAgeMs: number = 30 * SECOND;
  /** How often Postgres is asked when no hint comes. */
  readonly pollMs: number = 500;
  /** How often the connection that hears hints is tried. */
  readonly heartbeatMs: number = 5 * SECOND;
  /** What any one of these queries may take; a connection that is silent for longer is given up. */
  readonly patienceMs: number = 2 * SECOND;
  /** How old the last look may be for what must be known now: introspection and revocation. */
  readonly currentMs: number = 2 * SECOND;
  /** How old the last look may be for a statement to be signed at all. */
  readonly signableMs: number = 5 * SECOND;
  /** How far this process's clock may be from the one of Postgres; cutoffs reach so far past their moment. */
  readonly clockDifferenceMs: number = 2 * SECOND;
  /** Polls that may wait at the same time: of everybody, and of one client. */
  readonly waitingPolls: number = 2_000;
  readonly waitingPollsPerClient: number = 200;
  /** How often rows that refuse nothing any more are deleted. */
  readonly forgetMs: number = 60 * SECOND;

  constructor(given: Partial<RevocationFeedPolicy> = {}) {
    Object.assign(this, given);
  }
}
