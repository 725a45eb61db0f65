import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../random.js';
import type { ReplicaSlot } from './replica-slot.js';

/** Some die before they have answered anything, most in the middle of it. */
const MOST_ANSWERS = 20;
const LONGEST_DELAY_MS = 30;
const BUSY_WITHIN_MS = 5_000;

export interface Kills {
  done: number;
  /** requests that waited for an answer of a process at the moment it was killed */
  unanswered: number;
}

/** Starts and kills the replicas, each for itself, until there were so many kills in all. */
export async function killReplicas(
  slots: readonly ReplicaSlot[],
  { seed, wanted, signal }: { seed: number; wanted: number; signal: AbortSignal },
  tell: (kills: Kills) => void,
): Promise<Kills> {
  const kills: Kills = { done: 0, unanswered: 0 };
  let started = 0;
  const keepKilling = async (slot: ReplicaSlot, random: Random): Promise<void> => {
    while (started++ < wanted) {
      signal.throwIfAborted();
      await slot.start();
      await slot.untilBusy(random.whole(MOST_ANSWERS), BUSY_WITHIN_MS);
      await sleep(random.whole(LONGEST_DELAY_MS));
      kills.unanswered += await slot.kill();
      kills.done++;
      tell(kills);
    }
  };
  await Promise.all(slots.map((slot, index) => keepKilling(slot, new Random(seed * 31 + index))));
  return kills;
}
