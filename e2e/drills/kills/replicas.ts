import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.js';
import type { ReplicaSlot } from './replica-slot.js';

const POLL_MS = 10;

/** Whoever may be asked: the replicas that are up at this moment, and at the end one that nobody kills. */
export class Replicas {
  private steady: string | undefined;

  constructor(readonly slots: readonly ReplicaSlot[]) {}

  /** From now on there is one that stays, for what is still unanswered. */
  add(steady: string): void {
    this.steady = steady;
  }

  /** Sends by one of those that are up and counts it as in flight there; waits when none is. */
  async through<T>(random: Random, send: (registry: string) => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      signal.throwIfAborted();
      const slot = random.pick(this.slots.filter(({ up }) => up));
      if (slot) return slot.count(send);
      if (this.steady !== undefined) return send(this.steady);
      await sleep(POLL_MS);
    }
  }
}
