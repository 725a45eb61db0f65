const SHORTEST_MS = 100;
const LONGEST_MS = 5_000;

/**
 * Pauses between attempts that fail: anywhere between 100 ms and a longest that doubles from 200 ms to 5 s, so that many
 * guards do not come back in step.
 */
export class Backoff {
  #failures = 0;

  constructor(private readonly random: () => number = Math.random) {}

  /** How many attempts failed in a row. */
  get failures(): number {
    return this.#failures;
  }

  /**
   * The pause after one more failure, in milliseconds.
   * @param atLeastMs what the other side asked for; honoured up to 5 s
   */
  next(atLeastMs = 0): number {
    this.#failures += 1;
    const longest = Math.min(SHORTEST_MS * 2 ** this.#failures, LONGEST_MS);
    const jittered = SHORTEST_MS + this.random() * (longest - SHORTEST_MS);
    return Math.max(jittered, Math.min(atLeastMs, LONGEST_MS));
  }

  reset(): void {
    this.#failures = 0;
  }
}
