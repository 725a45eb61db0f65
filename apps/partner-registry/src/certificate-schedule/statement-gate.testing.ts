import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between a process and Postgres, and counts what the process asks for. */
export interface StatementGate {
  readonly url: string;
  /** Statements since the last arm(). */
  readonly count: number;
  /**
   * From now on the `nth` statement reaches Postgres, and its answer nobody: `reached` is called, and whoever asked hears
   * nothing more.
   */
  arm(nth: number, reached: () => void): void;
  stop(): Promise<void>;
}

/** Query and Sync: each ends one statement of the simple and of the extended protocol. */
const STATEMENT_ENDS = new Set(['Q', 'S'].map((type) => type.charCodeAt(0)));

export async function startStatementGate(databaseUrl: string): Promise<StatementGate> {
  const target = new URL(databaseUrl);
  let [count, nth, reached] = [0, Infinity, () => undefined as void];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    let cut = false;
    upstream.on('data', (data) => void (cut || client.write(data)));
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.end());
    let rest = Buffer.alloc(0);
    let started = false;
    client.on('data', (data) => {
      if (cut) return;
      rest = Buffer.concat([rest, data]);
      for (;;) {
        // the first message has no type
        const head = started ? 1 : 0;
        if (rest.length < head + 4) return;
        const end = head + rest.readUInt32BE(head);
        if (rest.length < end) return;
        const message = rest.subarray(0, end);
        rest = rest.subarray(end);
        cut = started && STATEMENT_ENDS.has(message[0]!) && ++count === nth;
        started = true;
        upstream.write(message);
        if (!cut) continue;
        // not destroyed: what was sent is carried out, as when a machine dies
        upstream.end();
        return reached();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    get count() {
      return count;
    },
    arm: (at, call) => void ([count, nth, reached] = [0, at, call]),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
