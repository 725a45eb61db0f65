import { Outage } from '../../database/outage.js';
import { ageOf, momentOf, systemClock, type Clock, type Moment } from '../../database/clock.js';
import { SecondChanceMap } from '../registered-clients/second-chance-map.js';
import type { KeyOwner, KeyOwnerLookup } from './assert-own-key.js';

interface Answer {
  readonly owner: KeyOwner | undefined;
  readonly askedAt: Moment;
}

export interface KeyOwnerMemoryOptions {
  /** Whether asking failed because nobody could be asked. */
  readonly isOutage: (error: unknown) => boolean;
  /** Milliseconds an answer is good for: as often as changes of registrations are asked for. */
  readonly freshMs?: number;
  /** Milliseconds an answer may be used in an outage: the bound of every cache here. */
  readonly outageMs?: number;
  /** Milliseconds between two attempts in an outage. */
  readonly retryMs?: number;
  readonly mostKeys?: number;
  readonly clock?: Clock;
}

/**
 * Remembers whose keys are for half a second, and in an outage for as long as registrations are served without the
 * database; then, and for keys it has not seen, it fails at once. Concurrent questions about one key are asked once.
 */
export class KeyOwnerMemory {
  readonly #read: KeyOwnerLookup;
  readonly #options: Required<KeyOwnerMemoryOptions>;
  readonly #answers: SecondChanceMap<Answer>;
  readonly #asking = new Map<string, Promise<KeyOwner | undefined>>();
  readonly #outage: Outage;

  constructor(read: KeyOwnerLookup, options: KeyOwnerMemoryOptions) {
    this.#read = read;
    const defaults = { freshMs: 500, outageMs: 30_000, retryMs: 1_000, mostKeys: 10_000, clock: systemClock };
    this.#options = { ...defaults, ...options };
    this.#answers = new SecondChanceMap(this.#options.mostKeys);
    this.#outage = new Outage(this.#options);
  }

  async ownerOf(spkiSha256: string): Promise<KeyOwner | undefined> {
    const { freshMs, outageMs, isOutage } = this.#options;
    const known = this.#answers.get(spkiSha256);
    if (known && this.age(known.askedAt) <= freshMs) return known.owner;
    try {
      return await this.#outage.attempt(() => this.askOnce(spkiSha256));
    } catch (error) {
      if (known && isOutage(error) && this.age(known.askedAt) <= outageMs) return known.owner;
      throw error;
    }
  }

  private askOnce(spkiSha256: string): Promise<KeyOwner | undefined> {
    const asking = this.#asking.get(spkiSha256) ?? this.ask(spkiSha256);
    this.#asking.set(spkiSha256, asking);
    return asking;
  }

  private async ask(spkiSha256: string): Promise<KeyOwner | undefined> {
    const askedAt = momentOf(this.#options.clock); // what changed meanwhile may have been missed
    try {
      const owner = await this.#read(spkiSha256);
      this.#answers.set(spkiSha256, { owner, askedAt });
      return owner;
    } finally {
      this.#asking.delete(spkiSha256);
    }
  }

  private age(since: Moment): number {
    return ageOf(since, this.#options.clock);
  }
}
