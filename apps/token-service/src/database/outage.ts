import { ageOf, momentOf, systemClock, type Clock, type Moment } from './clock.js';
import { isOutage } from './is-outage.js';

export interface OutageOptions {
  /** Whether an attempt failed because nobody could be asked. */
  readonly isOutage?: (error: unknown) => boolean;
  /** Milliseconds between two attempts. */
  readonly retryMs?: number;
  readonly clock?: Clock;
}

/**
 * Remembers that Postgres could not be had, so that not everybody has to find out by waiting: one tries again at a time,
 * all others fail at once.
 */
export class Outage {
  readonly #options: Required<OutageOptions>;
  #last: { readonly error: unknown; readonly since: Moment } | undefined;

  constructor(options: OutageOptions = {}) {
    this.#options = { isOutage, retryMs: 1_000, clock: systemClock, ...options };
  }

  /** @throws what the attempt throws, or what the last one did if it is known to be in vain */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const { isOutage, retryMs, clock } = this.#options;
    const last = this.#last;
    if (last && ageOf(last.since, clock) < retryMs) throw last.error;
    if (last) this.#last = { ...last, since: momentOf(clock) };
    try {
      const result = await work();
      this.#last = undefined;
      return result;
    } catch (error) {
      if (isOutage(error)) this.#last = { error, since: momentOf(clock) };
      throw error;
    }
  }
}
