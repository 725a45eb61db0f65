import type { StandingConnectionOptions } from './standing-connection.js';
import { Wake } from './wake.js';

export interface HearHintsOptions {
  /** What is notified. Anybody may, and notifications are lost with their connection: only a hint. */
  readonly channel: string;
  /** Called at every hint, and whenever hints may have been missed. */
  readonly wake: Pick<Wake, 'call'>;
  /** Milliseconds between two proofs that the connection is alive. */
  readonly heartbeatMs: number;
  /** Whenever the connection has proven to be alive. */
  readonly onHeard: () => void;
}

/** Listens for hints that something changed. */
export function hearHints({
  channel,
  wake,
  heartbeatMs,
  onHeard,
}: HearHintsOptions): StandingConnectionOptions['session'] {
  return async (connection, stopped) => {
    connection.onNotification(() => wake.call());
    await connection.query(`LISTEN ${channel}`);
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
