import type { Issued } from '@partner-ecosystem/test-pki';
import type { Child } from './child.js';
import { Connections } from './connections.js';
import type { KeptAliveConnection } from './kept-alive-connection.js';
import type { RequestQueue } from './request-queue.js';
import { stayAwake } from './stay-awake.js';

/** One server in one round. */
export interface Burst {
  readonly requests: number;
  /** of the server's process, all of its threads */
  readonly cpuMicrosPerRequest: number;
  readonly requestsPerSecond: number;
  /** of the generator itself */
  readonly generatorCpuMicrosPerRequest: number;
}

/** A server that is up. */
export interface ServerProcess {
  readonly child: Child;
  readonly port: number;
}

/** What is sent to it, and by whom. */
export interface Load {
  /** one for each connection */
  readonly identities: readonly Pick<Issued, 'chainPem' | 'privateKeyPem'>[];
  /** PEM of the authority of servers */
  readonly ca: string;
  readonly queue: RequestQueue;
  /** the server must first ask Postgres for each of them, which a busy machine may make it wait for */
  readonly remembered?: boolean;
}

/** Something that is sent bursts. */
export interface Burstable {
  /**
   * Each connection sends `each` requests, one after the other, all connections at once.
   * @param awake the generator never sleeps: else each answer wakes it, and on one machine that costs the server a third of
   *   its time. It takes a whole core then, so its own cost can be told only from a burst in which it may sleep
   */
  burst(each: number, awake?: boolean): Promise<Burst>;
  residentBytes(): Promise<number>;
  stop(): Promise<void>;
}

/** A server and the connections to it, which are kept alive. */
export class LoadedServer implements Burstable {
  private readonly connections: Connections;
  /** requests that each connection has sent */
  private turn = 0;

  constructor(
    private readonly server: ServerProcess,
    private readonly load: Load,
  ) {
    this.connections = new Connections(server.port, load);
  }

  async burst(each: number, awake = true): Promise<Burst> {
    if (this.turn === 0 && this.load.remembered) await this.connections.introduce();
    const open = await this.connections.open();
    return measureBurst(this.server.child, awake, async () => {
      await Promise.all(open.map((connection, number) => this.sendAll(connection, number, each)));
      this.turn += each;
      return each * open.length;
    });
  }

  async residentBytes(): Promise<number> {
    return (await this.server.child.usage()).residentBytes;
  }

  async stop(): Promise<void> {
    this.connections.close();
    await this.server.child.stop();
  }

  private async sendAll(connection: KeptAliveConnection, number: number, each: number): Promise<void> {
    const end = this.turn + each;
    for (let turn = this.turn; turn < end; turn += 1) await connection.send(this.load.queue.request(number, turn));
  }
}

/** @param send gives how many requests it sent */
export async function measureBurst(child: Child, awake: boolean, send: () => Promise<number>): Promise<Burst> {
  const before = await child.usage();
  const [began, own] = [performance.now(), process.cpuUsage()];
  const rest = awake ? stayAwake() : undefined;
  const requests = await send().finally(rest);
  const [seconds, { user, system }] = [(performance.now() - began) / 1_000, process.cpuUsage(own)];
  const after = await child.usage();
  return {
    requests,
    cpuMicrosPerRequest: (after.cpuMicros - before.cpuMicros) / requests,
    requestsPerSecond: requests / seconds,
    generatorCpuMicrosPerRequest: (user + system) / requests,
  };
}
