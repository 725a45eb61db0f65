import { Socket } from 'node:net';
import pg from 'pg';

export interface DedicatedConnectionOptions {
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Milliseconds that connecting, and any one query, may take. */
  readonly patienceMs: number;
}

/** One connection outside the pool. No wait on it is unbounded, and closing it waits for nobody. */
export class DedicatedConnection {
  /** Settles when the connection has ended, whoever ended it. */
  readonly lost: Promise<void>;

  private constructor(
    private readonly client: pg.Client,
    private readonly socket: Socket,
    lost: Promise<void>,
  ) {
    this.lost = lost;
  }

  /** @throws what `pg` says; nothing is left open then */
  static async open({ url, applicationName, patienceMs }: DedicatedConnectionOptions): Promise<DedicatedConnection> {
    // A socket of our own: pg's way to end a connection waits for the other side, which may be silent for ever.
    const socket = new Socket();
    const client = new pg.Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: patienceMs,
      statement_timeout: patienceMs,
      query_timeout: patienceMs,
      stream: () => socket,
    });
    // Unheard, the event would end the process; whoever queries or waits for `lost` hears of it.
    client.on('error', () => undefined);
    const lost = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    try {
      await client.connect();
      return new DedicatedConnection(client, socket, lost);
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  async query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]> {
    const { rows } = await this.client.query<Row>(text, values ? [...values] : undefined);
    return rows;
  }

  onNotification(hear: () => void): void {
    this.client.on('notification', hear);
  }

  close(): void {
    this.socket.destroy();
  }
}
