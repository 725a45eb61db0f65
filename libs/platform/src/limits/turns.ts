/** What one waits for was not done in time. Nothing was begun. */
export class TurnTimeoutError extends Error {
  override readonly name = 'TurnTimeoutError';
  readonly code = 'turn_timeout';
}

/**
 * Who has to wait for somebody else waits here: in memory, in the order of arrival, for a bounded time, and holding
 * nothing that others need, least of all a connection of the database's pool. // A36
 *
 * Does not check: other processes. What they hold is for the database to say, and not to be waited for there.
 */
export class Turns {
  readonly #queues = new Map<string, { inside: number; waiting: (() => void)[] }>();

  /** @param atOnce how many of one key may work at the same time */
  constructor(private readonly atOnce = 1) {}

  /** How many wait, whatever for. */
  get waiting(): number {
    return [...this.#queues.values()].reduce((sum, { waiting }) => sum + waiting.length, 0);
  }

  /**
   * @param patienceMs how long to wait for the turn; the work itself is not bounded
   * @throws TurnTimeoutError, or what the work throws
   */
  async run<T>(key: string, patienceMs: number, work: () => Promise<T>): Promise<T> {
    await this.enter(key, patienceMs);
    try {
      return await work();
    } finally {
      this.leave(key);
    }
  }

  private enter(key: string, patienceMs: number): Promise<void> | undefined {
    const queue = this.#queues.get(key) ?? { inside: 0, waiting: [] };
    this.#queues.set(key, queue);
    if (queue.inside < this.atOnce) {
      queue.inside += 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        queue.waiting.splice(queue.waiting.indexOf(begin), 1);
        reject(new TurnTimeoutError(`no turn for "${key}" within ${patienceMs} ms`));
      }, patienceMs);
      queue.waiting.push(begin);
    });
  }

  // The place goes to the next one without becoming free in between.
  private leave(key: string): void {
    const queue = this.#queues.get(key)!;
    const next = queue.waiting.shift();
    if (next) return next();
    queue.inside -= 1;
    if (queue.inside === 0) this.#queues.delete(key);
  }
}
