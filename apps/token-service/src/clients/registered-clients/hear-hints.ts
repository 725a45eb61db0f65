import type { StandingConnectionOptions } from '../../database/standing-connection.js';
import { Wake } from './wake.js';

export interface HearHintsOptions {
  /** Called at every hint, and whenever hints may have been missed. */
  readonly wake: Pick<Wake, 'call'>;
  /** Milliseconds between two proofs that the connection is alive. */
  readonly heartbeatMs: number;
  /** Whenever the connection has proven to be alive. */
  readonly onHeard: () => void;
}

/** The channel the registry notifies. Anybody may, and notifications are lost with their connection: only a hint. */
const CHANNEL = 'registry_changes';

/** Listens for hints that the registry changed something. */
export function hearHints({ wake, heartbeatMs, onHeard }: HearHintsOptions): StandingConnectionOptions['session'] {
  return async (connection, stopped) => {
    connection.onNotification(() => wake.call());
    await connection.query(`LISTEN ${CHANNEL}`);
    wake.call();
    const ended = new Wake();
    void connection.lost.then(() => ended.call());
    while (!stopped.aborted) {
      onHeard();
      await ended.wait(heartbeatMs, stopped);
      // A connection that was cut silently looks like one on which nothing happens.
      await connection.query('SELECT 1');
    }
  };
}
