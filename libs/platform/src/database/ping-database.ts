import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { DatabaseError } from './database-error.js';

const PING_TIMEOUT_MS = 2_000;

/** For readiness: one round trip over the pool, `ping_timeout` after 2 s (also while every connection is busy). */
export async function pingDatabase(dataSource: DataSource): Promise<void> {
  const timer = new AbortController();
  try {
    await Promise.race([dataSource.query('SELECT 1'), tooLate(timer.signal)]);
  } finally {
    timer.abort();
  }
}

async function tooLate(signal: AbortSignal): Promise<void> {
  // the timer is aborted when the answer came first: nobody waits for this promise then
  const aborted = await sleep(PING_TIMEOUT_MS, false, { signal }).catch(() => true);
  if (!aborted) throw new DatabaseError('ping_timeout', `The database did not answer within ${PING_TIMEOUT_MS} ms.`);
}
