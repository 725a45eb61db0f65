import { setTimeout as pauseFor } from 'node:timers/promises';
import { FeedRefusedError } from '../protocol/feed-refused-error.js';
import type { FeedStatement } from '../protocol/revocation-feed.js';
import { Backoff } from './backoff.js';
import type { FeedAccessOptions } from './feed-access.js';
import { FeedReader } from './feed-reader.js';
import type { FollowerFailure, FollowerHealth } from './follower-health.js';
import { IssuerUnreachableError } from './issuer-unreachable-error.js';
import type { FeedPosition, RevocationState } from './revocation-state.js';

const LONGEST_WAIT_SECONDS = 5;
/** An issuer that answers at once although nothing is new is asked no more often. */
const SHORTEST_ROUND_MS = 100;
/** After so many failures in a row the issuer's metadata are read anew. */
const FAILURES_UNTIL_REDISCOVERY = 5;

/** Asks the issuer again and again, one request at a time, and applies to the state what can be believed. */
export class FollowerLoop {
  #running: AbortController | undefined;
  #ended: Promise<void> = Promise.resolve();
  #newest: FeedStatement | undefined;
  #lagMs: number | undefined;
  /** What is held cannot be continued: everything is asked for. */
  #needsSnapshot = false;

  constructor(
    private readonly options: FeedAccessOptions,
    private readonly state: RevocationState,
    private readonly health: FollowerHealth,
  ) {}

  /** How long after it was recorded the newest entry was applied; undefined until one came by itself, not in a snapshot. */
  get lagMs(): number | undefined {
    return this.#lagMs;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  start(): void {
    if (this.#running) return;
    const { signal } = (this.#running = new AbortController());
    this.health.started();
    this.#ended = this.#ended.then(() => this.#follow(signal));
  }

  async stop(): Promise<void> {
    this.#running?.abort();
    this.#running = undefined;
    this.health.stopped();
    await this.#ended;
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const reader = new FeedReader(this.options, signal);
    const backoff = new Backoff();
    while (!signal.aborted) {
      const pauseMs = await this.#round(reader, backoff, signal);
      if (pauseMs > 0) await pauseFor(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One request. Returns how long to leave the issuer alone after it. */
  async #round(reader: FeedReader, backoff: Backoff, signal: AbortSignal): Promise<number> {
    const before = this.state.position;
    const after = this.#needsSnapshot ? undefined : before;
    const began = performance.now();
    try {
      const statement = await reader.read(after, this.#waitSeconds());
      if (signal.aborted || this.#isHeld(statement)) return backoff.next();
      this.#apply(statement, before);
      backoff.reset();
      const isNews = before?.epoch !== statement.epoch || before.seq !== statement.seq;
      return isNews ? 0 : Math.max(0, SHORTEST_ROUND_MS - (performance.now() - began));
    } catch (error) {
      return signal.aborted ? 0 : this.#afterFailure(failureFrom(error), after, { reader, backoff });
    }
  }

  /** Several times within the time that a statement may be acted on. */
  #waitSeconds(): number {
    return Math.min(LONGEST_WAIT_SECONDS, Math.floor((this.#newest?.max_age ?? 0) / 3));
  }

  // An issuer may give one statement twice, e.g. when it shuts down. It renews nothing, and nothing is wrong with it.
  #isHeld({ epoch, seq, iat }: FeedStatement): boolean {
    const held = this.#newest;
    return held?.epoch === epoch && held.seq === seq && held.iat === iat;
  }

  #apply(statement: FeedStatement, before: FeedPosition | undefined): void {
    this.state.apply(statement);
    this.#needsSnapshot = false;
    this.#newest = statement;
    const newest = statement.entries.find(({ seq }) => seq === statement.seq);
    const isLive = before?.epoch === statement.epoch && statement.seq > before.seq;
    if (newest && isLive) this.#lagMs = Math.max(0, Date.now() - newest.recorded_at * 1_000);
    this.health.accepted(statement, before);
  }

  #afterFailure(
    failure: FollowerFailure,
    after: FeedPosition | undefined,
    { reader, backoff }: { reader: FeedReader; backoff: Backoff },
  ): number {
    if (failure instanceof FeedRefusedError && failure.code === 'feed_gap' && after) {
      this.#needsSnapshot = true;
      return 0;
    }
    this.health.failed(failure);
    const pauseMs = backoff.next(failure instanceof FeedRefusedError ? undefined : failure.retryAfterMs);
    if (backoff.failures % FAILURES_UNTIL_REDISCOVERY === 0) reader.forget();
    return pauseMs;
  }
}

function failureFrom(error: unknown): FollowerFailure {
  if (error instanceof FeedRefusedError || error instanceof IssuerUnreachableError) return error;
  return new IssuerUnreachableError('no_answer', 'the revocation feed could not be read', { cause: error });
}
