import type { InterruptibleWait } from '../database/interruptible-wait.js';
import type { DedicatedConnection } from '../database/dedicated-connection.js';
import type { StandingConnectionOptions } from '../database/standing-connection.js';
import { readRevocations } from './read-revocations.js';
import type { RevocationFeed } from './revocation-feed.js';

export interface FollowHeadOptions {
  readonly feed: Pick<RevocationFeed, 'head' | 'take'>;
  readonly wait: InterruptibleWait;
  /** Milliseconds between two looks without a hint. */
  readonly pollMs: number;
  /** After every look that succeeded. */
  readonly onRound: () => void;
  /** Another history of the numbers began. */
  readonly onEpoch: (epoch: string) => void;
}

/**
 * Looks at the revocations again and again. Where the numbers are not those that this replica knows (the database is
 * another one, on another timeline, or went back), revocations may be lost: an epoch begins, in which every older token
 * is refused.
 */
export function followHead(options: FollowHeadOptions): StandingConnectionOptions['session'] {
  const { wait, pollMs, onRound } = options;
  const ended = new Set<string>();
  return async (connection, stopped) => {
    // The database compares where it is with where the epoch began, and begins another one if they differ.
    await connection.query('SELECT token.confirm_revocation_history()');
    while (!stopped.aborted) {
      await look(connection, options, ended);
      onRound();
      await wait.pause(pollMs, stopped);
    }
  };
}

async function look(connection: DedicatedConnection, options: FollowHeadOptions, ended: Set<string>): Promise<void> {
  const { feed } = options;
  const known = feed.head;
  const reading = await readRevocations(connection, known?.seq ?? 0);
  if (known && (ended.has(reading.epoch) || (reading.epoch === known.epoch && reading.head < known.seq))) {
    await beginEpoch(
      connection,
      `epoch ${reading.epoch} is at ${reading.head}, was ${known.epoch} at ${known.seq}`,
      reading.epoch,
    );
    return look(connection, options, ended);
  }
  if (!known || known.epoch === reading.epoch) return feed.take(reading);
  feed.take(await readRevocations(connection, 0));
  ended.add(known.epoch);
  options.onEpoch(reading.epoch);
}

async function beginEpoch(connection: DedicatedConnection, seen: string, from: string): Promise<void> {
  const reason = `the revocations went back: ${seen}`;
  await connection.query('SELECT token.begin_revocation_epoch($1, $2)', [reason, from]);
}
