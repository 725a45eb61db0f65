import { RevocationFeedError } from './revocation-feed-error.js';
import type { RevocationFeedPolicy } from './revocation-feed-policy.js';

/** How many polls wait, and that none waits beyond the bounds: nobody can take all the places. */
export class WaitingPolls {
  #total = 0;
  readonly #ofClient = new Map<string, number>();

  constructor(private readonly policy: Pick<RevocationFeedPolicy, 'waitingPolls' | 'waitingPollsPerClient'>) {}

  get count(): number {
    return this.#total;
  }

  /**
   * @returns what `wait` does, while it counts as one of the client's
   * @throws RevocationFeedError when there are too many
   */
  async hold(clientId: string, wait: () => Promise<void>): Promise<void> {
    const own = this.#ofClient.get(clientId) ?? 0;
    if (this.#total >= this.policy.waitingPolls || own >= this.policy.waitingPollsPerClient) {
      throw new RevocationFeedError('polls_too_many', `${this.#total} polls wait, ${own} of them of ${clientId}`);
    }
    this.#total += 1;
    this.#ofClient.set(clientId, own + 1);
    try {
      await wait();
    } finally {
      this.#total -= 1;
      this.leave(clientId);
    }
  }

  private leave(clientId: string): void {
    const own = this.#ofClient.get(clientId)! - 1;
    if (own === 0) this.#ofClient.delete(clientId);
    else this.#ofClient.set(clientId, own);
  }
}
