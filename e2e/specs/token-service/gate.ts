import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Pair {
  readonly near: Socket;
  /** undefined while nothing is let through to Postgres */
  far?: Socket;
  sent: string;
  silent: boolean;
}

/** So much of what was sent over a connection is remembered; `LISTEN` comes early, but after logging in. */
const REMEMBERED = 8_000;

/**
 * The way from one replica to the real Postgres, that a spec can cut in each of the ways in which networks and servers
 * fail. `close`: refused and reset, a server that was stopped. `freeze`: connections are accepted and nothing comes
 * through until `thaw`, a server that hangs. `silence`: some connections stay open, and nothing comes through them ever
 * again, a firewall that forgot them.
 */
export class Gate {
  readonly #pairs = new Set<Pair>();
  readonly #target: URL;
  #server: Server | undefined;
  #port = 0;
  #frozen = false;

  private constructor(target: string) {
    this.#target = new URL(target);
  }

  static async before(databaseUrl: string): Promise<Gate> {
    const gate = new Gate(databaseUrl);
    await gate.open();
    return gate;
  }

  /** The same login and database through the gate. */
  get url(): string {
    const through = new URL(this.#target);
    through.host = `127.0.0.1:${this.#port}`;
    return through.href;
  }

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
      far?.destroy();
    }
    await closed;
  }

  freeze(): void {
    this.#frozen = true;
    for (const pair of this.#pairs) hold(pair);
  }

  thaw(): void {
    this.#frozen = false;
    for (const pair of this.#pairs) if (!pair.silent) this.letThrough(pair);
  }

  /** @returns over how many connections `text` had been sent; they are silent from now on */
  silence(text = ''): number {
    const found = this.over(text);
    for (const pair of found) {
      pair.silent = true;
      hold(pair);
    }
    return found.length;
  }

  /** How many connections that are not silent `text` has been sent over. */
  living(text: string): number {
    return this.over(text).length;
  }

  private over(text: string): Pair[] {
    return [...this.#pairs].filter(({ sent, silent }) => !silent && sent.includes(text));
  }

  private pass(near: Socket): void {
    const pair: Pair = { near, sent: '', silent: false };
    this.#pairs.add(pair);
    near.on('data', (chunk: Buffer) => (pair.sent = (pair.sent + chunk.toString('latin1')).slice(-REMEMBERED)));
    this.endWith(pair, near);
    hold(pair);
    if (!this.#frozen) this.letThrough(pair);
  }

  private letThrough(pair: Pair): void {
    if (!pair.far) {
      pair.far = connect(Number(this.#target.port), this.#target.hostname);
      this.endWith(pair, pair.far);
    }
    pair.near.pipe(pair.far).pipe(pair.near);
  }

  private endWith(pair: Pair, socket: Socket): void {
    const end = (): void => {
      pair.near.destroy();
      pair.far?.destroy();
      this.#pairs.delete(pair);
    };
    socket.on('error', end).on('close', end);
  }
}

function hold({ near, far }: Pair): void {
  if (far) far.unpipe(near).pause();
  near.unpipe(far).pause();
}
