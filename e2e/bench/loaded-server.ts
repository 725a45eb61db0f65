import { Child } from './child.js';
import type { Cores } from './cores.js';
import type { Identities } from './identities.js';
import { KeptAliveConnection } from './kept-alive-connection.js';
import type { RequestQueue } from './request-queue.js';

/** One server in one round. */
export interface Burst {
  readonly requests: number;
  /** of the server's process, all of its threads */
  readonly cpuMicrosPerRequest: number;
  readonly requestsPerSecond: number;
  /** of the generator itself */
  readonly generatorCpuMicrosPerRequest: number;
}

export interface ServerKind {
  readonly guard: 'open' | 'guarded' | 'jose';
  readonly framework: 'fastify' | 'express';
  readonly certificateFrom: 'socket' | 'header';
}

export interface Issuer {
  readonly issuer: string;
  readonly jwksUri: string;
}

export interface Surroundings {
  readonly identities: Identities;
  readonly issuer: Issuer;
  readonly audience: string;
  readonly cores: Cores | undefined;
  /** folder for CPU profiles */
  readonly profiles: string | undefined;
}

interface Usage {
  readonly cpuMicros: number;
  readonly residentBytes: number;
}

/** A reference server and the connections to it. */
export class LoadedServer {
  /** requests that each connection has sent */
  private turn = 0;

  private constructor(
    private readonly child: Child,
    private readonly connections: readonly KeptAliveConnection[],
    private readonly queue: RequestQueue,
  ) {}

  static async start(
    kind: ServerKind,
    name: string,
    queue: RequestQueue,
    { identities, issuer, audience, cores, profiles }: Surroundings,
  ): Promise<LoadedServer> {
    const profile = profiles === undefined ? undefined : { directory: profiles, name };
    const child = Child.start({ program: 'serve', core: cores?.server, profile });
    try {
      const { ca, server, api, partners } = identities;
      const settings = { ...kind, ...issuer, audience, ca, identity: pemOf(server), client: pemOf(api) };
      const { port } = await child.ask<{ port: number }>(settings);
      const connections = partners.map((partner) => KeptAliveConnection.open(port, partner, ca));
      return new LoadedServer(child, await Promise.all(connections), queue);
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  /**
   * Each connection sends `each` requests, one after the other, all connections at once.
   * @param awake the generator never sleeps: else each answer wakes it, and on one machine that costs the server a third of
   *   its time. It takes a whole core then, so its own cost can be told only from a burst in which it may sleep
   */
  async burst(each: number, awake = true): Promise<Burst> {
    const before = await this.usage();
    const [began, own] = [performance.now(), process.cpuUsage()];
    const rest = awake ? stayAwake() : undefined;
    await Promise.all(this.connections.map((connection, number) => this.sendAll(connection, number, each)));
    rest?.();
    const [seconds, { user, system }] = [(performance.now() - began) / 1_000, process.cpuUsage(own)];
    const after = await this.usage();
    this.turn += each;
    const requests = each * this.connections.length;
    return {
      requests,
      cpuMicrosPerRequest: (after.cpuMicros - before.cpuMicros) / requests,
      requestsPerSecond: requests / seconds,
      generatorCpuMicrosPerRequest: (user + system) / requests,
    };
  }

  async residentBytes(): Promise<number> {
    return (await this.usage()).residentBytes;
  }

  async stop(): Promise<void> {
    for (const connection of this.connections) connection.close();
    await this.child.stop();
  }

  private usage(): Promise<Usage> {
    return this.child.ask<Usage>('usage');
  }

  private async sendAll(connection: KeptAliveConnection, number: number, each: number): Promise<void> {
    const end = this.turn + each;
    for (let turn = this.turn; turn < end; turn += 1) await connection.send(this.queue.request(number, turn));
  }
}

function pemOf({ chainPem, privateKeyPem }: Identities['server']): object {
  return { chainPem, privateKeyPem };
}

function stayAwake(): () => void {
  let awake = true;
  const again = (): void => {
    if (awake) setImmediate(again);
  };
  again();
  return () => void (awake = false);
}
