interface Slot<Value> {
  readonly value: Value;
  used: boolean;
}

/**
 * A map of at most `bound` entries. When it is full, the oldest entry that nobody asked for since its last chance goes:
 * nearly the least recently used, for the price of one lookup and no reordering per `get`.
 */
export class SecondChanceMap<Value> {
  readonly #slots = new Map<string, Slot<Value>>();

  constructor(private readonly bound: number) {
    if (!(bound >= 1)) throw new TypeError('a bound is at least 1');
  }

  get size(): number {
    return this.#slots.size;
  }

  get(key: string): Value | undefined {
    const slot = this.#slots.get(key);
    if (slot === undefined) return undefined;
    slot.used = true;
    return slot.value;
  }

  set(key: string, value: Value): void {
    this.#slots.delete(key);
    if (this.#slots.size >= this.bound) this.evictOne();
    this.#slots.set(key, { value, used: false });
  }

  delete(key: string): void {
    this.#slots.delete(key);
  }

  clear(): void {
    this.#slots.clear();
  }

  // Ends after one round at the latest: by then every entry has lost its mark.
  private evictOne(): void {
    for (const [key, slot] of this.#slots) {
      this.#slots.delete(key);
      if (!slot.used) return;
      slot.used = false;
      this.#slots.set(key, slot);
    }
  }
}
