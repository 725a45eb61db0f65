import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import type { Readiness } from '../health/index.js';
import type { Logger } from '../logging/index.js';
import type { HttpListener } from './http-listener.js';

export interface ShutDown {
  listeners: readonly HttpListener[];
  management: HttpListener;
  readiness: Readiness;
  app: INestApplication;
  logger: Logger;
  drainMs: number;
  deadlineMs: number;
}

const SWEEP_MS = 50;

/**
 * Ends a process without losing a request: not ready, while still accepting, long enough for balancers to notice;
 * then no new connections, until the last answer is written or the deadline has come; only then the app, because its
 * database pool is needed by what is still in flight; the management server last.
 */
export async function shutDown(o: ShutDown): Promise<void> {
  const started = performance.now();
  o.readiness.drain();
  o.listeners.forEach((listener) => listener.drain());
  await sleep(o.drainMs);
  await closeListeners(o, started);
  try {
    await o.app.close();
  } finally {
    await closeManagement(o.management);
  }
}

async function closeListeners(o: ShutDown, started: number): Promise<void> {
  const closed = Promise.all(o.listeners.map((listener) => listener.close()));
  // A connection becomes idle one by one, whenever its answer ends.
  const sweep = setInterval(() => o.listeners.forEach((listener) => listener.closeIdle()), SWEEP_MS);
  const timer = new AbortController();
  const rest = Math.max(0, o.deadlineMs - (performance.now() - started));
  const deadline = sleep(rest, true, { signal: timer.signal }).catch(() => false);
  const late = await Promise.race([closed.then(() => false), deadline]);
  timer.abort();
  clearInterval(sweep);
  if (late) cutConnections(o);
  await closed;
}

function cutConnections({ listeners, logger }: ShutDown): void {
  const connections = listeners.reduce((sum, listener) => sum + listener.destroy(), 0);
  logger.warn({ connections }, 'connections cut at the shutdown deadline');
}

function closeManagement(management: HttpListener): Promise<void> {
  const closed = management.close();
  management.destroy();
  return closed;
}
