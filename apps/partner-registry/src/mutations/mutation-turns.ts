import { setTimeout as sleep } from 'node:timers/promises';
import { whyDatabaseUnavailable } from '@partner-ecosystem/platform/database';
import { Turns, TurnTimeoutError } from '@partner-ecosystem/platform/limits';
import { KeyHeldError, keyInFlight, lockName } from './idempotency-keys.js';
import type { MutationContext } from './words/mutation-context.js';

/** How long a repeat waits for the first one's answer before it is told that it is in flight. */
const KEY_PATIENCE_MS = 2_000;
/** How long a change waits for those before it, in all. */
const PATIENCE_MS = 5_000;
/** Of the ten connections of the pool: reads and jobs find a free one while changes wait. */
const CHANGES_AT_ONCE = 6;
/** Between two attempts to get what another replica holds; jittered, because several wait for the same. */
const RETRY_MS = { least: 50, most: 150 };

/**
 * Changes wait for each other here and not in the database, where a connection of the pool would wait with each of them:
 * for the first request with the same Idempotency-Key, for changes of the same thing, and for a connection. What another
 * replica holds is asked for again and again, each time in a new transaction. // A36
 */
export class MutationTurns {
  readonly #keys = new Turns();
  readonly #addressed = new Turns();
  readonly #connections = new Turns(CHANGES_AT_ONCE);

  /**
   * @param attempt one transaction; undone and called again while somebody else holds what it needs
   * @throws RegistryError `idempotency_key_in_flight`; TurnTimeoutError; what the attempt throws
   */
  async take<T>(context: MutationContext, attempt: () => Promise<T>): Promise<T> {
    const { idempotency, dryRun, actor, addressed } = context;
    const change = () => this.changeOf(addressed, attempt);
    if (!idempotency || dryRun) return change();
    let begun = false;
    const first = () => ((begun = true), change());
    return this.#keys.run(lockName(actor.clientId, idempotency.key), KEY_PATIENCE_MS, first).catch((error: unknown) => {
      throw error instanceof KeyHeldError || (error instanceof TurnTimeoutError && !begun) ? keyInFlight() : error;
    });
  }

  private changeOf<T>(addressed: string | undefined, attempt: () => Promise<T>): Promise<T> {
    const work = () => this.untilFree(attempt);
    return addressed === undefined ? work() : this.#addressed.run(addressed, PATIENCE_MS, work);
  }

  private async untilFree<T>(attempt: () => Promise<T>): Promise<T> {
    const began = performance.now();
    for (;;) {
      try {
        return await this.#connections.run('', PATIENCE_MS, attempt);
      } catch (error) {
        const patienceMs = patienceFor(error);
        if (performance.now() - began >= patienceMs) throw error;
      }
      await sleep(RETRY_MS.least + Math.random() * (RETRY_MS.most - RETRY_MS.least));
    }
  }
}

/** How long it is worth trying again; 0: not at all. */
function patienceFor(error: unknown): number {
  if (error instanceof KeyHeldError) return KEY_PATIENCE_MS;
  if (error instanceof TurnTimeoutError) return 0;
  return whyDatabaseUnavailable(error) === 'locked' ? PATIENCE_MS : 0;
}
