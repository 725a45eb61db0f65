import type { ClientKeySet } from '@partner-ecosystem/x509';
import { ageOf, momentOf, type Moment } from '../../database/clock.js';
import type { PartnerKeyPolicy } from './partner-key-policy.js';

/** The keys behind one address: as last read, and what came of the last attempt. */
export class FetchedKeySet {
  readonly #fetch: () => Promise<ClientKeySet>;
  readonly #policy: PartnerKeyPolicy;
  #set: ClientKeySet | undefined;
  #readAt: Moment | undefined;
  #triedAt: Moment | undefined;
  #failure: unknown;
  #fetching: Promise<ClientKeySet> | undefined;

  constructor(fetch: () => Promise<ClientKeySet>, policy: PartnerKeyPolicy) {
    this.#fetch = fetch;
    this.#policy = policy;
  }

  /**
   * @param suffices whether a set has what is looked for; if not, it may have been added since
   * @returns a set that suffices, or the newest one that may be had now
   */
  async keys(suffices: (set: ClientKeySet) => boolean): Promise<ClientKeySet> {
    const known = this.age(this.#readAt) <= this.#policy.maxAgeMs ? this.#set : undefined;
    if (known && suffices(known)) {
      if (this.age(this.#readAt) > this.#policy.refreshAfterMs && this.mayTry) this.refreshBeside();
      return known;
    }
    if (this.#fetching || this.mayTry) return this.fetchOnce();
    if (this.#failure !== undefined) throw this.#failure;
    return known ?? this.fetchOnce();
  }

  private get mayTry(): boolean {
    return this.age(this.#triedAt) >= this.#policy.cooldownMs;
  }

  // What goes wrong here is remembered, and said once the known set is too old.
  private refreshBeside(): void {
    this.fetchOnce().catch(() => undefined);
  }

  private fetchOnce(): Promise<ClientKeySet> {
    this.#fetching ??= this.fetch().finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  private async fetch(): Promise<ClientKeySet> {
    const began = momentOf(this.#policy.clock); // what changed meanwhile may have been missed
    this.#triedAt = began;
    try {
      this.#set = await this.#fetch();
      this.#readAt = began;
      this.#failure = undefined;
      return this.#set;
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  private age(since: Moment | undefined): number {
    return since === undefined ? Infinity : ageOf(since, this.#policy.clock);
  }
}
