import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * The way to a real Postgres that a spec can cut. `close()`: as when Postgres is stopped, everything is reset and
 * refused. `silence(text)`: the connections over which `text` was sent stay open, and nothing comes through any more.
 */
export class Gate {
  readonly #pairs = new Set<{ near: Socket; far: Socket; sent: string }>();
  #server: Server | undefined;
  #port = 0;

  constructor(private readonly target: string) {}

  async open(): Promise<void> {
    this.#server = createServer((near) => this.pass(near));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = this.#server && once(this.#server, 'close');
    this.#server?.close();
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
    await closed;
  }

  /** @returns how many connections fell silent */
  silence(text: string): number {
    const pairs = [...this.#pairs].filter(({ sent }) => sent.includes(text));
    for (const { near, far } of pairs) {
      near.unpipe(far).pause();
      far.unpipe(near).pause();
    }
    return pairs.length;
  }

  /** The same login and database through the gate. */
  urlOf(url: string): string {
    const through = new URL(url);
    through.host = `127.0.0.1:${this.#port}`;
    return through.href;
  }

  private pass(near: Socket): void {
    const { hostname, port } = new URL(this.target);
    const far = connect(Number(port), hostname);
    const pair = { near, far, sent: '' };
    this.#pairs.add(pair);
    near.on('data', (chunk: Buffer) => (pair.sent = (pair.sent + chunk.toString('latin1')).slice(-4_000)));
    near.pipe(far).pipe(near);
    const end = () => {
      near.destroy();
      far.destroy();
      this.#pairs.delete(pair);
    };
    for (const socket of [near, far]) socket.on('error', end).on('close', end);
  }
}
