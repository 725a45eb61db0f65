import type { RateLimit } from './limits-policy.js';

// Twenty thousand callers are remembered in about two megabytes.
const MOST_CALLERS = 20_000;

/**
 * A token bucket per caller in the form of GCRA: all that is remembered of a caller is the moment at which its bucket
 * will be full again, so one that is full needs no memory.
 * In the memory of one replica: several allow several times as much.
 */
export class RateLimiter {
  readonly #fullAt = new Map<string, number>();
  readonly #intervalMs: number;
  readonly #toleranceMs: number;

  constructor(
    { perSecond, burst }: RateLimit,
    private readonly mostCallers = MOST_CALLERS,
  ) {
    this.#intervalMs = 1_000 / perSecond;
    this.#toleranceMs = burst * this.#intervalMs;
  }

  get callers(): number {
    return this.#fullAt.size;
  }

  /**
   * @param now milliseconds of a monotonic clock
   * @returns 0 when the caller may go on; else whole seconds to wait, and nothing was taken
   */
  take(caller: string, now: number): number {
    const fullAt = this.#fullAt.get(caller);
    const next = Math.max(fullAt ?? now, now) + this.#intervalMs;
    const excessMs = next - now - this.#toleranceMs;
    // Sums of fractions: a thousandth of a millisecond is nobody's.
    if (excessMs > 0.001) return Math.max(1, Math.ceil(excessMs / 1_000));
    if (fullAt === undefined && this.#fullAt.size >= this.mostCallers) this.makeRoom(now);
    this.#fullAt.set(caller, next);
    return 0;
  }

  // Full buckets are forgotten for nothing. Where all are in use, the one known longest is: better than no bound.
  private makeRoom(now: number): void {
    for (const [caller, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(caller);
    if (this.#fullAt.size < this.mostCallers) return;
    const [oldest] = this.#fullAt.keys();
    this.#fullAt.delete(oldest!);
  }
}
