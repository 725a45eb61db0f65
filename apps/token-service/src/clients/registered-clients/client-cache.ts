import type { RegisteredClient } from '../../records/registered-client.entity.js';
import { ageOf, type Clock, type Moment } from '../../database/clock.js';
import { SecondChanceMap } from './second-chance-map.js';

export interface ClientCacheOptions {
  /** Clients, and as many unknown ids: in a map of their own, so that made-up ids push nobody out. */
  readonly bound: number;
  /** Milliseconds since the last confirmation for which kept clients are believed. */
  readonly maxAgeMs: number;
  readonly clock: Clock;
  readonly load: (clientId: string) => Promise<RegisteredClient | undefined>;
}

const LONG_AGO: Moment = { monotonic: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY };

/**
 * Registered clients as last read, believed only as long as somebody who looks at the registry's changes keeps
 * confirming that nothing else changed. The same object is returned until its client changes.
 */
export class ClientCache {
  readonly #known: SecondChanceMap<RegisteredClient>;
  readonly #unknown: SecondChanceMap<true>;
  readonly #loading = new Map<string, Promise<RegisteredClient | undefined>>();
  #confirmed = LONG_AGO;

  constructor(private readonly options: ClientCacheOptions) {
    this.#known = new SecondChanceMap(options.bound);
    this.#unknown = new SecondChanceMap(options.bound);
  }

  /** @throws what loading throws, when it is not kept or no longer believed */
  async find(clientId: string): Promise<RegisteredClient | undefined> {
    if (this.isBelieved) {
      const known = this.#known.get(clientId);
      if (known !== undefined) return known;
      if (this.#unknown.get(clientId)) return undefined;
    }
    return this.#loading.get(clientId) ?? this.load(clientId);
  }

  /** Whether find() needs nobody else. */
  holds(clientId: string): boolean {
    return this.isBelieved && (this.#known.get(clientId) !== undefined || this.#unknown.get(clientId) === true);
  }

  /** Whether kept clients may be used. */
  get isBelieved(): boolean {
    return this.ageMs <= this.options.maxAgeMs;
  }

  /** Milliseconds since the last confirmation; Infinity before the first. */
  get ageMs(): number {
    return ageOf(this.#confirmed, this.options.clock);
  }

  get size(): { known: number; unknown: number } {
    return { known: this.#known.size, unknown: this.#unknown.size };
  }

  /** @param since when the look began: what was committed after it may have been missed */
  confirm(since: Moment): void {
    this.#confirmed = since;
  }

  /** The client may have changed, or may exist now: what is being loaded right now may be what it was before. */
  invalidate(clientId: string): void {
    this.#known.delete(clientId);
    this.#unknown.delete(clientId);
    this.#loading.delete(clientId);
  }

  clear(): void {
    this.#known.clear();
    this.#unknown.clear();
    this.#loading.clear();
  }

  // Single flight: whoever asks meanwhile waits for the same answer.
  private load(clientId: string): Promise<RegisteredClient | undefined> {
    const loading = this.options.load(clientId).then(
      (client) => {
        if (this.land(clientId, loading)) this.keep(clientId, client);
        return client;
      },
      (error: unknown) => {
        this.land(clientId, loading);
        throw error;
      },
    );
    this.#loading.set(clientId, loading);
    return loading;
  }

  /** False when the client changed on the way: whoever waited gets the answer, but it is not kept. */
  private land(clientId: string, loading: Promise<unknown>): boolean {
    return this.#loading.get(clientId) === loading && this.#loading.delete(clientId);
  }

  private keep(clientId: string, client: RegisteredClient | undefined): void {
    if (client) this.#known.set(clientId, client);
    else this.#unknown.set(clientId, true);
  }
}
