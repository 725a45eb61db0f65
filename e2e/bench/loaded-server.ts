import type { Issued } from '@partner-ecosystem/test-pki';
import type { Child } from './child.js';
import { KeptAliveConnection } from './kept-alive-connection.js';
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
  /** requests that each connection has sent */
  private turn = 0;

  private constructor(
    private readonly child: Child,
    private readonly connections: readonly KeptAliveConnection[],
    private readonly queue: RequestQueue,
  ) {}

  /** Opens the connections. Stops the server when it cannot. */
  static async of({ child, port }: ServerProcess, { identities, ca, queue }: Load): Promise<LoadedServer> {
    try {
      const connections = identities.map((identity) => KeptAliveConnection.open(port, identity, ca));
      return new LoadedServer(child, await Promise.all(connections), queue);
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  burst(each: number, awake = true): Promise<Burst> {
    return measureBurst(this.child, awake, async () => {
      await Promise.all(this.connections.map((connection, number) => this.sendAll(connection, number, each)));
      this.turn += each;
      return each * this.connections.length;
    });
  }

  async residentBytes(): Promise<number> {
    return (await this.child.usage()).residentBytes;
  }

  async stop(): Promise<void> {
    for (const connection of this.connections) connection.close();
    await this.child.stop();
  }

  private async sendAll(connection: KeptAliveConnection, number: number, each: number): Promise<void> {
    const end = this.turn + each;
    for (let turn = this.turn; turn < end; turn += 1) await connection.send(this.queue.request(number, turn));
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
