import { setTimeout as sleep } from 'node:timers/promises';
import { KeptAliveConnection } from './kept-alive-connection.js';
import type { Load } from './loaded-server.js';

const MOST_TRIES = 10;
const PAUSE_MS = 500;

/** One for each identity, opened when they are first needed and again when the server has ended them meanwhile. */
export class Connections {
  private opened: KeptAliveConnection[] = [];

  constructor(
    private readonly port: number,
    private readonly load: Load,
  ) {}

  /** A server waits only seconds for the first request of a connection, so this is called right before it. */
  async open(): Promise<readonly KeptAliveConnection[]> {
    const { identities, ca } = this.load;
    this.opened = await Promise.all(
      identities.map((identity, number) => {
        const known = this.opened[number];
        return known && !known.hasFailed ? known : KeptAliveConnection.open(this.port, identity, ca);
      }),
    );
    return this.opened;
  }

  /**
   * One request by each, one after the other, so that what a server has to ask Postgres first does not count. On a machine
   * that is too busy for it, it is tried again.
   * @throws BenchError `request_failed` when that does not help
   */
  async introduce(): Promise<void> {
    for (const number of this.load.identities.keys()) {
      for (let tries = 1; ; tries += 1) {
        const connection = (await this.open())[number]!;
        const error: unknown = await connection
          .send(this.load.queue.request(number, 0))
          .catch((reason: unknown) => reason);
        if (error === undefined) break;
        if (tries === MOST_TRIES) throw error;
        await sleep(PAUSE_MS);
      }
    }
  }

  close(): void {
    for (const connection of this.opened) connection.close();
  }
}
