import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Logger } from '../logging/index.js';

/** Of one listener; each costs memory, idle or not. */
const MOST_CONNECTIONS = 5_000;
/** For everything that is no caller's connection: database, files, keys fetched, the management listener. */
const DESCRIPTORS_KEPT = 256;
const LEAST_CONNECTIONS = 16;
const TELL_EVERY_MS = 1_000;

/** How many connections each of so many listeners may hold, with what the operating system allows this process. */
export function connectionsEach(listeners: number, descriptors = descriptorLimit()): number {
  const each = Math.floor((descriptors - DESCRIPTORS_KEPT) / listeners);
  return Math.max(LEAST_CONNECTIONS, Math.min(MOST_CONNECTIONS, each));
}

// Node has no function for it; elsewhere than on Linux the bound is MOST_CONNECTIONS alone.
function descriptorLimit(): number {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? Infinity : Number(limit);
  } catch {
    return Infinity;
  }
}

/**
 * Lets a server hold so many connections at once and closes what is more, so that descriptors are left for everything
 * else. To make room, connections that only wait for another request are ended. What was turned away, also because the
 * system had no descriptor left, is logged once in a second.
 */
export function boundConnections(server: Server, most: number, at: { name: string; logger: Logger }): void {
  let turnedAway = 0;
  let toldAt = -Infinity;
  const turnAway = (reason: string): void => {
    turnedAway++;
    if (performance.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = performance.now();
    server.closeIdleConnections();
    at.logger.warn(
      { listener: at.name, reason, connections: most, turned_away: turnedAway },
      'connections turned away',
    );
    turnedAway = 0;
  };
  server.maxConnections = most;
  server.on('drop', () => turnAway('too_many_connections'));
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (error.syscall === 'accept') turnAway(error.code ?? 'accept_failed');
  });
}
