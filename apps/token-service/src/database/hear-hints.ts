import type { StandingConnectionOptions } from './standing-connection.js';
import { InterruptibleWait } from './interruptible-wait.js';

export interface HearHintsOptions {
  /** What is notified. Anybody may, and notifications are lost with their connection: only a hint. */
  readonly channel: string;
  /** Called at every hint, and whenever hints may have been missed. */
  readonly wait: Pick<InterruptibleWait, 'interrupt'>;
  /** Milliseconds between two proofs that the connection is alive. */
  readonly heartbeatMs: number;
  /** Whenever the connection has proven to be alive. */
  readonly onHeard: () => void;
}

/** Listens for hints that something changed. */
export function hearHints({
  channel,
  wait,
  heartbeatMs,
  onHeard,
}: HearHintsOptions): StandingConnectionOptions['session'] {
  return async (connection, stopped) => {
    connection.onNotification(() => wait.interrupt());
    await connection.query(`LISTEN ${channel}`);
    wait.interrupt();
    const ended = new InterruptibleWait();
    void connection.lost.then(() => ended.interrupt());
    while (!stopped.aborted) {
      onHeard();
      await ended.pause(heartbeatMs, stopped);
      // A connection that was cut silently looks like one on which nothing happens.
      await connection.query('SELECT 1');
    }
  };
}
