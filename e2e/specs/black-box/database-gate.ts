import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** The way of one replica to the real Postgres, which can fall silent: connections stay open and nothing comes through. */
export class DatabaseGate {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((near) => this.pass(near));
  private silent = false;

  constructor(private readonly databaseUrl: string) {}

  /** The same login and database through the gate. */
  async open(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const through = new URL(this.databaseUrl);
    through.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return through.href;
  }

  fallSilent(): void {
    this.silent = true;
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private pass(near: Socket): void {
    const { hostname, port } = new URL(this.databaseUrl);
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
        this.sockets.delete(socket);
      });
    }
    if (!this.silent) near.pipe(far).pipe(near);
  }
}
