import type { LoadedServer } from '../loaded-server.js';
import { summaryOf } from '../statistics.js';
import { SIGNINGS, type Signing, type TokenServers } from './token-servers.js';

export interface Limit {
  readonly signing: Signing;
  /** of each way to sign: median CPU per request */
  readonly cpuMicros: Readonly<Record<string, number>>;
}

const ROUNDS = 5;

/** The way to sign that is the cheapest on this Node: all are up, and take turns. */
export async function bestLimit(servers: TokenServers, each: number, signal: AbortSignal): Promise<Limit> {
  const up: LoadedServer[] = [];
  try {
    for (const [number, signing] of SIGNINGS.entries()) up.push(await servers.limit(signing)(`limit-${number}`));
    for (const server of up) await server.burst(2 * each);
    const costs = SIGNINGS.map((): number[] => []);
    for (let round = 0; round < ROUNDS; round += 1) {
      signal.throwIfAborted();
      for (const [number, server] of up.entries()) costs[number]!.push((await server.burst(each)).cpuMicrosPerRequest);
    }
    const medians = costs.map((micros) => summaryOf(micros).median);
    const best = medians.indexOf(Math.min(...medians));
    return {
      signing: SIGNINGS[best]!,
      cpuMicros: Object.fromEntries(SIGNINGS.map((signing, number) => [nameOf(signing), medians[number]!])),
    };
  } finally {
    await Promise.all(up.map((server) => server.stop()));
  }
}

export function nameOf({ signing, encoding }: Signing): string {
  return `${signing}, ${encoding === 'der' ? 'DER' : encoding}`;
}
