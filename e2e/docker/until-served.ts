import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpsClient } from '../stack/admin/https-client.js';

const PATIENCE_MS = 120_000;
const PAUSE_MS = 200;

/**
 * Waits until something answers at each of these addresses, whatever it says: a balancer finds its replicas a moment after
 * they are healthy. Errors: the last one, after two minutes.
 */
export async function untilServed(client: HttpsClient, urls: readonly string[]): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (const url of urls) {
    for (;;) {
      try {
        await client.send({ url });
        break;
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await sleep(PAUSE_MS);
      }
    }
  }
}
