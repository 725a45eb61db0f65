import { systemClock, type Clock } from '../../database/clock.js';

/** How long keys that were fetched from a `jwks_uri` are believed. Durations in milliseconds. // A21 */
export class PartnerKeyPolicy {
  /** Older ones are fetched anew beside the request that uses them: a key that was taken out is felt this fast. */
  readonly refreshAfterMs: number = 60_000;
  /** Older ones are not used: an outage of the partner's server that is shorter is not felt. */
  readonly maxAgeMs: number = 600_000;
  /** Between two fetches of one address, whatever asks for it. */
  readonly cooldownMs: number = 5_000;
  /** How many addresses are remembered. */
  readonly mostSets: number = 1_000;
  readonly clock: Clock = systemClock;

  constructor(given: Partial<PartnerKeyPolicy> = {}) {
    Object.assign(this, given);
  }
}
