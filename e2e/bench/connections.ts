import { KeptAliveConnection } from './kept-alive-connection.js';
import type { Load } from './loaded-server.js';

/** One for each identity, opened when they are first needed and again when the server has ended them meanwhile. */
export class Connections {
  private opened: KeptAliveConnection[] = [];

  constructor(
    private readonly port: number,
    private readonly load: Pick<Load, 'identities' | 'ca'>,
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

  close(): void {
    for (const connection of this.opened) connection.close();
  }
}
