import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { DedicatedConnection } from '../../database/dedicated-connection.js';
import type { StandingConnectionOptions } from '../../database/standing-connection.js';
import type { ClientCache } from './client-cache.js';
import { momentOf, systemClock } from '../../database/clock.js';
import type { InterruptibleWait } from '../../database/interruptible-wait.js';

export interface PollChangesOptions {
  readonly cache: ClientCache;
  readonly wait: InterruptibleWait;
  /** Milliseconds between two looks without a hint. */
  readonly pollMs: number;
  /** After every look that succeeded. */
  readonly onRound: () => void;
}

// So many changes at once cost more to follow one by one than to read the clients anew.
const MOST_CHANGES = 5_000;

// One statement, so that the head and the changes up to it are of one snapshot. Numbers are dense and become visible
// in their order: what is committed later has a higher one.
const CHANGES = `
  SELECT head.seq AS head, change.client_id
    FROM (SELECT coalesce((SELECT seq FROM registry.registered_client_change ORDER BY seq DESC LIMIT 1), 0) AS seq) head
    LEFT JOIN registry.registered_client_change change ON change.seq > $1
   LIMIT ${MOST_CHANGES}`;

// Numbers of one cluster, on one timeline (a failover or a restore begins another), of one making of the view.
const HISTORY = `
  SELECT concat_ws('/', system_identifier, left(pg_walfile_name(pg_current_wal_lsn()), 8),
      'registry.registered_client_change'::regclass::oid) AS history
    FROM pg_control_system()`;

/** Looks at the registry's changes, forgets the clients they name, and confirms that all others are as they were. */
export function pollChanges(options: PollChangesOptions): StandingConnectionOptions['session'] {
  const { cache, wait, pollMs, onRound } = options;
  let position: { history: string; seen: number } | undefined;
  return async (connection, stopped) => {
    const history = await historyOf(connection);
    // Where the numbers may be others, or were not looked at for too long, nothing read before counts. Otherwise they
    // tell what was missed: a connection that is slow under load must not empty the memory, and add to the load.
    const goesOn = position !== undefined && position.history === history && cache.isBelieved;
    let seen = goesOn ? await look(connection, cache, position!.seen) : await resync(connection, cache);
    while (!stopped.aborted) {
      position = { history, seen };
      onRound();
      await wait.pause(pollMs, stopped);
      seen = await look(connection, cache, seen);
    }
  };
}

/** Never the same twice where the server does not say. */
async function historyOf(connection: DedicatedConnection): Promise<string> {
  try {
    const [row] = await connection.query<{ history: string }>(HISTORY);
    return row!.history;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return randomUUID();
  }
}

async function look(connection: DedicatedConnection, cache: ClientCache, seen: number): Promise<number> {
  const began = momentOf(systemClock);
  const { head, clientIds } = await changesAfter(connection, seen);
  // Numbers only grow: a lower head is another history.
  if (head < seen || clientIds.length === MOST_CHANGES) return resync(connection, cache);
  for (const clientId of clientIds) cache.invalidate(clientId);
  cache.confirm(began);
  return head;
}

async function resync(connection: DedicatedConnection, cache: ClientCache): Promise<number> {
  const began = momentOf(systemClock);
  const { head } = await changesAfter(connection, Number.MAX_SAFE_INTEGER);
  cache.clear();
  cache.confirm(began);
  return head;
}

async function changesAfter(
  connection: DedicatedConnection,
  seq: number,
): Promise<{ head: number; clientIds: string[] }> {
  const rows = await connection.query<{ head: string; client_id: string | null }>(CHANGES, [seq]);
  return {
    head: Number(rows[0]?.head),
    clientIds: rows.flatMap(({ client_id }) => (client_id === null ? [] : [client_id])),
  };
}
