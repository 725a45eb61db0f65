import { setTimeout as sleep } from 'node:timers/promises';
import { DedicatedConnection, type DedicatedConnectionOptions } from './dedicated-connection.js';

export interface StandingConnectionOptions extends DedicatedConnectionOptions {
  /** What the connection is for: runs once per connection, until it throws or the signal says stop. */
  readonly session: (connection: DedicatedConnection, stopped: AbortSignal) => Promise<void>;
  /** Connecting or the session failed; another attempt follows. */
  readonly onFailure: (error: unknown) => void;
}

// Short, because somebody's revocation waits for it; jittered, because all replicas lose their connections at once.
const RETRY_MS = { least: 100, most: 400 };

/** A dedicated connection that comes back: from start() to stop() there is one, or an attempt to have one. */
export class StandingConnection {
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(private readonly options: StandingConnectionOptions) {}

  start(): void {
    this.#running ??= this.run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  private async run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.serveOnce(signal);
      } catch (error) {
        if (!signal.aborted) this.options.onFailure(error);
      }
      const wait = RETRY_MS.least + Math.random() * (RETRY_MS.most - RETRY_MS.least);
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  private async serveOnce(signal: AbortSignal): Promise<void> {
    const connection = await DedicatedConnection.open(this.options);
    const close = () => connection.close();
    signal.addEventListener('abort', close);
    try {
      if (!signal.aborted) await this.options.session(connection, signal);
    } finally {
      signal.removeEventListener('abort', close);
      close();
    }
  }
}
