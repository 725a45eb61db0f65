import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './https-client.js';

// The token service promises a second; a loaded machine gets a little more before this gives up.
const PATIENCE_MS = 3_000;
const PAUSE_MS = 20;

/**
 * Asks until a change in the registry is felt, that is until the answer has the expected status; after three seconds
 * gives the answer it got, whatever it is. The token service hears of changes by a notification, and by a poll every half second.
 */
export async function onceFelt(ask: () => Promise<Answer>, status: number): Promise<Answer> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer.status === status || performance.now() > deadline) return answer;
    await sleep(PAUSE_MS);
  }
}
