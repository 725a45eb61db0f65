import type { VerifiedToken } from '../protocol/bound-token.js';
import { RefusedError } from '../protocol/errors.js';
import { FeedRefusedError } from '../protocol/feed-refused-error.js';
import { isRevoked, type FindRevocation } from '../protocol/is-revoked.js';
import type { FeedStatement, RevocationEntry } from '../protocol/revocation-feed.js';
import { SubjectMap } from '../protocol/subject-map.js';

/** What the guard asks on every request. */
export interface Revocations {
  /** Another number whenever a signing key was distrusted: what was verified before is to be forgotten. // A29 */
  readonly generation: number;
  /** @throws RefusedError `invalid_token` */
  assertNotRevoked(token: VerifiedToken, now: Date): void;
  /** @throws RefusedError `unavailable` */
  assertFresh(now: Date): void;
  /** `MtlsBindingModule` calls it when the application has started, and `stop` when it is closed. */
  start?(): void;
  stop?(): Promise<void>;
}

/** Both in milliseconds; only differences of `monotonic` count. */
export interface RevocationClock {
  wall(): number;
  monotonic(): number;
}

export interface FeedPosition {
  readonly epoch: string;
  readonly seq: number;
}

/** What freshness hangs on: the newest statement, and when it came. */
interface Newest {
  readonly iat: number;
  readonly maxAge: number;
  readonly receivedAt: number;
}

const SYSTEM_CLOCK: RevocationClock = { wall: () => Date.now(), monotonic: () => performance.now() };

/**
 * The live revocations of one issuer, in memory: what the guard consults on every request. Whoever has statements feeds it;
 * until the first, and when the newest is older than its `max_age`, it is not fresh. // R2, R9
 *
 * Does not check: signature and shape of a statement. `readFeed` does.
 */
export class RevocationState implements Revocations {
  readonly #clock: RevocationClock;
  #entries = new SubjectMap<RevocationEntry>();
  /** Tokens that no entry is about. Eight look-ups for each request cost a quarter of all that the guard does. */
  #unmentioned = new WeakSet<VerifiedToken>();
  #position: FeedPosition | undefined;
  #newest: Newest | undefined;
  /** Epochs that came to an end. A replica still connected to the database of then must not lead back to one. */
  readonly #left = new Set<string>();
  #generation = 0;
  /** No entry that is held expires before, in seconds. */
  #nextExpiry = Infinity;

  constructor(options: { clock?: RevocationClock } = {}) {
    this.#clock = options.clock ?? SYSTEM_CLOCK;
  }

  /** Where to go on reading; undefined before the first statement. */
  get position(): FeedPosition | undefined {
    return this.#position;
  }

  get size(): number {
    return this.#entries.size;
  }

  get generation(): number {
    return this.#generation;
  }

  /** Of what is known, in milliseconds; `Infinity` before the first statement. */
  get ageMs(): number {
    return this.ageAt(this.#clock.wall());
  }

  /**
   * Takes over a statement, all of it or nothing. Only one with a newer `iat` renews the age; with more news but no newer
   * `iat` (two replicas of the issuer, whose clocks differ) its entries count and the age stays.
   * @throws FeedRefusedError `feed_replayed`, `feed_seq_lower` or `feed_gap`
   */
  apply(statement: FeedStatement): void {
    const newer = this.assertFollows(statement);
    if (this.#position && this.#position.epoch !== statement.epoch) this.#left.add(this.#position.epoch);
    if (statement.entries.some((entry) => this.distrustsKey(entry))) this.#generation += 1;
    if (statement.since === 0) this.forgetEntries();
    if (statement.entries.length > 0) this.#unmentioned = new WeakSet();
    for (const entry of statement.entries) this.keep(entry);
    this.#position = { epoch: statement.epoch, seq: statement.seq };
    if (newer) {
      this.#newest = { iat: statement.iat, maxAge: statement.max_age, receivedAt: this.#clock.monotonic() };
    }
    this.dropExpired();
  }

  assertNotRevoked(token: VerifiedToken, now: Date): void {
    if (this.#unmentioned.has(token)) return;
    let mentioned = false;
    const find: FindRevocation = (...subject) => {
      const entry = this.#entries.find(...subject);
      mentioned ||= entry !== undefined;
      return entry;
    };
    const entry = isRevoked(token, find, now);
    if (!mentioned) this.#unmentioned.add(token);
    if (!entry) return;
    const which = `${entry.kind} ${JSON.stringify(entry.subject)} is ${entry.mode} since ${entry.seq}`;
    throw new RefusedError('invalid_token', 'token_revoked', `the token of ${token.clientId} is revoked: ${which}`);
  }

  assertFresh(now: Date): void {
    const ageMs = this.ageAt(now.getTime());
    if (this.#newest && ageMs <= this.#newest.maxAge * 1000) return;
    const known = this.#newest ? `${Math.round(ageMs)} ms old` : 'not known yet';
    throw new RefusedError('unavailable', 'revocations_stale', `the revocations are ${known}`);
  }

  // A wall clock may be set back, and a monotonic one stops while a machine sleeps: the greater age counts.
  private ageAt(wall: number): number {
    if (!this.#newest) return Infinity;
    return Math.max(wall - this.#newest.iat * 1000, this.#clock.monotonic() - this.#newest.receivedAt);
  }

  /** @returns whether its `iat` is newer than any before */
  private assertFollows({ epoch, seq, since, iat }: FeedStatement): boolean {
    const newer = this.#newest === undefined || iat > this.#newest.iat;
    const own = this.#position;
    if (own?.epoch !== epoch) {
      if (this.#left.has(epoch)) throw new FeedRefusedError('feed_replayed', `epoch ${epoch} has ended`);
      if (!newer) throw new FeedRefusedError('feed_replayed', `epoch ${epoch} is not newer than what is held`);
      if (since !== 0) throw new FeedRefusedError('feed_gap', `epoch ${epoch} is new and begins after ${since}`);
      return newer;
    }
    if (seq < own.seq)
      throw new FeedRefusedError('feed_seq_lower', `the head is ${seq}, and ${own.seq} was there before`);
    if (since > own.seq) throw new FeedRefusedError('feed_gap', `it begins after ${since}, and ${own.seq} is held`);
    if (!newer && seq === own.seq) throw new FeedRefusedError('feed_replayed', `${iat} is not newer than what is held`);
    return newer;
  }

  // A snapshot repeats what is known.
  private distrustsKey({ kind, subject, seq }: RevocationEntry): boolean {
    return kind === 'key' && this.#entries.get(kind, subject)?.seq !== seq;
  }

  private forgetEntries(): void {
    this.#entries = new SubjectMap();
    this.#nextExpiry = Infinity;
  }

  private keep(entry: RevocationEntry): void {
    this.#entries.set(entry.kind, entry.subject, entry);
    this.#nextExpiry = Math.min(this.#nextExpiry, entry.expires_at);
  }

  // Looks at them all only once there is one to drop.
  private dropExpired(): void {
    const seconds = this.#clock.wall() / 1000;
    if (this.#nextExpiry > seconds) return;
    this.#nextExpiry = Infinity;
    this.#entries.keep(({ expires_at }) => {
      if (expires_at <= seconds) return false;
      this.#nextExpiry = Math.min(this.#nextExpiry, expires_at);
      return true;
    });
  }
}
