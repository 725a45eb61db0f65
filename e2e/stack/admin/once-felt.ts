import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './https-client.js';

// How soon a change is felt is what `npm run drill` measures; here a slow machine must not decide anything.
const PATIENCE_MS = 60_000;
const PAUSE_MS = 20;

/**
 * Asks until a change in the registry is felt, that is until the answer has the expected status; after its patience,
 * a minute unless said, gives the answer it got, whatever it is. The token service hears of changes by a notification, and by a poll every half second.
 */
export async function onceFelt(ask: () => Promise<Answer>, status: number, patienceMs = PATIENCE_MS): Promise<Answer> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer.status === status || performance.now() > deadline) return answer;
    await sleep(PAUSE_MS);
  }
}
