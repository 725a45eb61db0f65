import { FeedRefusedError } from '../protocol/feed-refused-error.js';
import type { FeedStatement } from '../protocol/revocation-feed.js';
import type { FollowerEvent } from './follower-event.js';
import { IssuerUnreachableError } from './issuer-unreachable-error.js';
import type { FeedPosition, RevocationState } from './revocation-state.js';

export type FollowerFailure = FeedRefusedError | IssuerUnreachableError;

/** How following goes: turns the outcome of every attempt into events for the log and an answer for readiness. */
export class FollowerHealth {
  #failure: FollowerFailure | undefined;
  #wasFresh = false;
  #staleAt: NodeJS.Timeout | undefined;
  #firstOutcome: Promise<void> = Promise.resolve();
  #settleFirst: () => void = () => undefined;

  constructor(
    private readonly state: RevocationState,
    private readonly report: (event: FollowerEvent) => void = () => undefined,
  ) {}

  started(): void {
    this.#firstOutcome = new Promise((resolve) => (this.#settleFirst = resolve));
  }

  stopped(): void {
    clearTimeout(this.#staleAt);
    this.#settleFirst();
  }

  accepted({ epoch, seq, max_age: maxAge }: FeedStatement, before: FeedPosition | undefined): void {
    if (before && before.epoch !== epoch) this.#tell({ kind: 'new_epoch', epoch, seq });
    const isNews = !this.#wasFresh || this.#failure !== undefined;
    this.#failure = undefined;
    this.#wasFresh = this.#staleness() === undefined;
    if (this.#wasFresh && isNews) this.#tell({ kind: 'fresh', epoch, seq });
    this.#watch(maxAge * 1_000);
    this.#settleFirst();
  }

  failed(failure: FollowerFailure): void {
    const isNews = failure.code !== this.#failure?.code;
    this.#failure = failure;
    if (isNews && failure instanceof FeedRefusedError) {
      this.#tell({ kind: 'refused', code: failure.code, error: failure });
    } else if (isNews && failure instanceof IssuerUnreachableError) {
      this.#tell({ kind: 'unreachable', code: failure.code, error: failure });
    }
    this.#settleFirst();
  }

  /** Waits for the outcome of the first attempt, never for a later one. */
  async ready(): Promise<void> {
    if (!this.#staleness()) return;
    await this.#firstOutcome;
    const stale = this.#staleness();
    if (stale) throw this.#failure ?? stale;
  }

  #staleness(): Error | undefined {
    try {
      this.state.assertFresh(new Date());
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  #watch(maxAgeMs: number): void {
    clearTimeout(this.#staleAt);
    if (!this.#wasFresh) return;
    const left = Math.max(0, maxAgeMs - this.state.ageMs) + 1;
    this.#staleAt = setTimeout(() => this.#lookAgain(maxAgeMs), left).unref();
  }

  #lookAgain(maxAgeMs: number): void {
    const error = this.#staleness();
    if (!error) return this.#watch(maxAgeMs);
    this.#wasFresh = false;
    this.#tell({ kind: 'stale', code: 'revocations_stale', error });
  }

  #tell(event: FollowerEvent): void {
    try {
      this.report(event);
    } catch {
      // A log that fails must not end the following.
    }
  }
}
