import { Injectable } from '@nestjs/common';
import { RevocationState, type FeedPosition } from '@partner-ecosystem/mtls-binding';
import type { FeedStatement, FindRevocation } from '@partner-ecosystem/mtls-binding/protocol';
import { ageOf, momentOf, systemClock } from '../database/clock.js';
import { InterruptibleWait } from '../database/interruptible-wait.js';
import { IssuerIdentity } from '../process/issuer-identity.js';
import { LiveRevocations } from './live-revocations.js';
import { ChangeSignal } from './change-signal.js';
import { clockDifference, type RevocationReading } from './recorded-revocation.js';
import { RevocationFeedError } from './revocation-feed-error.js';
import { RevocationFeedPolicy } from './revocation-feed-policy.js';
import { PublishedEntries } from './published-entries.js';

const PATIENCE_MS = 1_000;

/** The revocations as this replica last read them, and what the feed says about them. */
@Injectable()
export class RevocationFeed {
  /** For this app's own routes, in process: every live revocation, never made coarser. */
  readonly state = new RevocationState();
  /** Called when Postgres is to be read as soon as can be. */
  readonly wanted = new InterruptibleWait();
  readonly #live = new LiveRevocations();
  readonly #changes = new ChangeSignal();
  readonly #readings = new ChangeSignal();
  readonly #told: PublishedEntries;
  #reading: RevocationReading | undefined;

  constructor(
    private readonly policy: RevocationFeedPolicy,
    private readonly identity: IssuerIdentity,
  ) {
    this.#told = new PublishedEntries(policy.bound);
  }

  /**
   * For whoever reads Postgres: all of a reading or nothing.
   * @throws FeedRefusedError when it does not follow on what is known
   */
  take(reading: RevocationReading): void {
    const { epoch, head, since, rows, asked } = reading;
    const changed = this.head?.epoch !== epoch || this.head.seq !== head;
    // A clock that was set back makes nothing younger; there is nothing to take over either.
    if (changed || asked.wall > (this.#reading?.asked.wall ?? 0)) {
      this.state.apply(this.statement(reading, { seq: head, since, entries: rows.map(({ entry }) => entry) }));
    }
    this.#live.take(reading);
    this.#reading = reading;
    this.#readings.raise();
    if (changed) this.#changes.raise();
  }

  /** Where the numbers are; undefined before the first reading. */
  get head(): FeedPosition | undefined {
    return this.state.position;
  }

  /** Whether this replica knows all that was recorded up to a position. */
  includes({ epoch, seq }: FeedPosition): boolean {
    const { head } = this;
    return head?.epoch === epoch && head.seq >= seq;
  }

  /** Milliseconds since Postgres was last asked and answered; Infinity before the first time. */
  get ageMs(): number {
    return this.#reading ? ageOf(this.#reading.asked, systemClock) : Infinity;
  }

  /** How many entries a snapshot has. */
  get size(): number {
    return this.#told.of(this.#live.at(new Date()), new Date()).length;
  }

  /** A live entry by its subject, never made coarser. */
  readonly find: FindRevocation = (...subject) => this.#live.find(...subject);

  /**
   * What the last reading says to a follower who is at a position of the same epoch: the entries after it; to everybody
   * else a snapshot. The same object of `reading` means the same statements.
   * @throws RevocationFeedError
   */
  statementSince(position: FeedPosition | undefined): FeedStatement {
    const reading = this.signable;
    const { epoch, head } = reading;
    const since = position?.epoch === epoch && position.seq <= head ? position.seq : 0;
    if (since === head && since > 0) return this.statement(reading, { seq: head, since, entries: [] });
    const now = new Date(reading.asked.wall);
    const entries = this.#told.of(this.#live.at(now), now).filter(({ seq }) => seq > since);
    return this.statement(reading, { seq: head, since, entries });
  }

  /** The last reading, fit for a statement. @throws RevocationFeedError */
  get signable(): RevocationReading {
    this.assertClockAgrees();
    return this.assertReadWithin(this.policy.signableMs);
  }

  /** Ends once the numbers are somewhere else than at `position`, or after `ms`. */
  async nextChange(position: FeedPosition, ms: number): Promise<void> {
    if (this.head?.epoch === position.epoch && this.head.seq === position.seq) await this.#changes.wait(ms);
  }

  /** Ends once this replica knows what was recorded under `seq`, or after a second. */
  async reached(seq: number): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    for (let left = PATIENCE_MS; left > 0; left = until - performance.now()) {
      if ((this.head?.seq ?? 0) >= seq) return;
      await this.#changes.wait(left);
    }
  }

  /**
   * Ends once Postgres was asked after this call and has answered.
   * @throws RevocationFeedError after a second
   */
  async readAnew(): Promise<void> {
    const { monotonic } = momentOf(systemClock);
    this.wanted.interrupt();
    while (!(this.#reading && this.#reading.asked.monotonic >= monotonic)) {
      const left = monotonic + PATIENCE_MS - performance.now();
      if (left <= 0) throw new RevocationFeedError('revocations_not_read', 'the revocations could not be read anew');
      await this.#readings.wait(left);
    }
  }

  /**
   * For what must be known now: introspection, revocation.
   * @throws RevocationFeedError when the last reading is older than two seconds, or the clocks differ
   */
  assertCurrent(): void {
    this.assertClockAgrees();
    this.assertReadWithin(this.policy.currentMs);
  }

  /**
   * For readiness: an API may go on with its last statement for so long, so the balancer need not take this away before.
   * @throws RevocationFeedError
   */
  assertReadable(): void {
    this.assertReadWithin(this.policy.maxAgeMs);
  }

  /**
   * Cutoffs reach only so far past their moment: with clocks further apart a token may be dated where none reaches it.
   * @throws RevocationFeedError
   */
  assertClockAgrees(): void {
    if (!this.#reading) throw new RevocationFeedError('clock_differs', 'the clock of Postgres is not known yet');
    const ms = clockDifference(this.#reading);
    if (ms <= this.policy.clockDifferenceMs) return;
    throw new RevocationFeedError(
      'clock_differs',
      `the clock of Postgres differs by ${Math.round(ms)} ms: set this one`,
    );
  }

  private assertReadWithin(ms: number): RevocationReading {
    if (this.#reading && this.ageMs <= ms) return this.#reading;
    const ago = this.#reading ? `${Math.round(this.ageMs)} ms ago` : 'never';
    throw new RevocationFeedError('revocations_not_read', `the revocations were last read ${ago}`);
  }

  private statement(
    { epoch, asked }: RevocationReading,
    news: Pick<FeedStatement, 'seq' | 'since' | 'entries'>,
  ): FeedStatement {
    const [iat, maxAge] = [asked.wall / 1_000, this.policy.maxAgeMs / 1_000];
    return { iss: this.identity.issuer, iat, exp: iat + maxAge, max_age: maxAge, epoch, ...news };
  }
}
