import { Connections } from '../connections.js';
import type { Load, ServerProcess } from '../loaded-server.js';
import { quantileOf } from '../statistics.js';
import { stayAwake } from '../stay-awake.js';

export interface Latencies {
  readonly requests: number;
  /** milliseconds */
  readonly p50: number;
  readonly p99: number;
  /** of those that were due, so many were sent when they were */
  readonly perSecond: number;
}

/**
 * Requests that are due at a fixed rate, whether answers come or not, each by a connection that is free. A latency counts
 * from when the request was due, so that a server that is slow cannot make itself be asked less often.
 */
export class PacedLoad {
  private turn = 0;

  private readonly connections: Connections;

  constructor(
    private readonly server: ServerProcess,
    private readonly load: Load,
  ) {
    this.connections = new Connections(server.port, load);
  }

  /** Throws BenchError `request_failed` as soon as one is. */
  async run(perSecond: number, seconds: number): Promise<Latencies> {
    if (this.turn === 0) await this.connections.introduce();
    const connections = await this.connections.open();
    const free = connections.map((_, number) => number);
    const [due, millis]: [number[], number[]] = [[], []];
    const all = Math.round(perSecond * seconds);
    const began = performance.now();
    let scheduled = 0;
    await new Promise<void>((resolve, reject) => {
      const sendDue = (): void => {
        while (due.length > 0 && free.length > 0) {
          const [number, since] = [free.shift()!, due.shift()!];
          connections[number]!.send(this.load.queue.request(number, this.turn++)).then(
            () => {
              millis.push(performance.now() - since);
              free.push(number);
              if (millis.length === all) return end(resolve);
              sendDue();
            },
            (error: unknown) => end(() => reject(error as Error)),
          );
        }
      };
      const rest = stayAwake(() => {
        const now = performance.now();
        for (let at: number; scheduled < all && (at = began + (scheduled * 1_000) / perSecond) <= now; scheduled += 1)
          due.push(at);
        sendDue();
      });
      const end = (settle: () => void): void => (rest(), settle());
    });
    const [p50, p99] = [quantileOf(millis, 0.5), quantileOf(millis, 0.99)];
    return { requests: all, p50, p99, perSecond: all / ((performance.now() - began) / 1_000) };
  }

  async stop(): Promise<void> {
    this.connections.close();
    await this.server.child.stop();
  }
}
