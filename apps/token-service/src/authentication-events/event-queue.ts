import type { AuthenticationEvent } from './authentication-event.js';

/**
 * Events that wait to be written, and places kept for those of requests in progress: together never more than `bound`,
 * so that a request that was let in can always record how it ended.
 */
export class EventQueue {
  #reserved = 0;
  #waiting: AuthenticationEvent[] = [];
  #taken: readonly AuthenticationEvent[] = [];

  constructor(private readonly bound: number) {}

  /** @returns whether a place is kept; if so, push() or release() follows once */
  reserve(): boolean {
    if (this.length + this.#reserved >= this.bound) return false;
    this.#reserved += 1;
    return true;
  }

  release(): void {
    this.#reserved -= 1;
  }

  push(event: AuthenticationEvent): void {
    this.#reserved -= 1;
    this.#waiting.push(event);
  }

  /** Not yet known to be stored. */
  get length(): number {
    return this.#waiting.length + this.#taken.length;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** The oldest events, at most `most`; the same ones again until stored() is called. */
  take(most: number): readonly AuthenticationEvent[] {
    if (this.#taken.length > 0) return this.#taken;
    if (this.#waiting.length <= most) {
      this.#taken = this.#waiting;
      this.#waiting = [];
    } else {
      this.#taken = this.#waiting.splice(0, most);
    }
    return this.#taken;
  }

  stored(): void {
    this.#taken = [];
  }
}
