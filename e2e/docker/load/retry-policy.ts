import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../stack/admin/https-client.js';

/** What became of one try. Milliseconds since the epoch, because whoever breaks things has another clock to start from. */
export interface Attempt {
  at: number;
  until: number;
  /** 0: there was no answer */
  status: number;
  error?: string;
}

const FURTHER_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 100;
const WORTH_ANOTHER = new Set([0, 429, 502, 503, 504]);

/**
 * What a well-behaved client does: at most three more attempts after no answer, 429, 502, 503 or 504, after 100, 200 and
 * 400 ms and a little chance. For requests that may be repeated: tokens, and reading. Gives every attempt; the last one
 * counts.
 */
export async function withRetries(ask: () => Promise<Answer>): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
    const attempt = await attemptOf(ask);
    attempts.push(attempt);
    if (!WORTH_ANOTHER.has(attempt.status) || attempts.length > FURTHER_ATTEMPTS) return attempts;
    await sleep(pause * (1 + Math.random() / 4));
  }
}

async function attemptOf(ask: () => Promise<Answer>): Promise<Attempt> {
  const at = Date.now();
  try {
    const { status } = await ask();
    return { at, until: Date.now(), status };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { at, until: Date.now(), status: 0, error: code ?? message };
  }
}
