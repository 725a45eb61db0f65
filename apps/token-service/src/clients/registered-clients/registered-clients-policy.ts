const SECOND = 1_000;

/** What decides how long a registration may be remembered. Durations in milliseconds. */
export class RegisteredClientsPolicy {
  /** Clients kept in memory, and as many ids that are known to be nobody's. */
  readonly bound: number = 10_000;
  /**
   * How old the last look at the registry's changes may be for a kept client to be believed. The registry's revocations
   * live that much longer than the longest token: no replica may believe anything for longer.
   */
  readonly maxAgeMs: number = 30 * SECOND;
  /** How often the registry's changes are looked at when no hint comes. */
  readonly pollMs: number = 500;
  /** How often the connection that hears hints is tried. */
  readonly heartbeatMs: number = 5 * SECOND;
  /** What any one of these queries may take; a connection that is silent for longer is given up. */
  readonly patienceMs: number = 2 * SECOND;
  /** What reading one client may take. */
  readonly loadMs: number = 2 * SECOND;

  constructor(given: Partial<RegisteredClientsPolicy> = {}) {
    Object.assign(this, given);
  }
}
