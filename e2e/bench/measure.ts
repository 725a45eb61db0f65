import type { Comparison } from './comparisons.js';
import { LoadedServer, type Burst, type Surroundings } from './loaded-server.js';
import type { RequestQueue } from './request-queue.js';
import { summaryOf, type Summary } from './statistics.js';

/** How much of it. */
export interface Effort {
  /** Fresh pairs of processes: two of the same program differ by some percent for as long as they live. */
  readonly pairs: number;
  /** for each pair; a round is one burst at each of the two */
  readonly rounds: number;
  /** requests that each connection sends in a burst, and before the first one */
  readonly each: number;
  readonly warmUp: number;
}

export interface Round {
  readonly baseline: Burst;
  readonly candidate: Burst;
}

export interface Pair {
  readonly rounds: readonly Round[];
  /** of the generator when it may sleep: what its share of a core is told from */
  readonly generatorCpuMicrosPerRequest: number;
  readonly residentBytes: { readonly baseline: number; readonly candidate: number };
}

export interface Measured {
  readonly comparison: Comparison;
  readonly pairs: readonly Pair[];
  /** of CPU per request, candidate to baseline, round by round */
  readonly ratio: Summary;
}

export async function measure(
  comparison: Comparison,
  queue: RequestQueue,
  effort: Effort,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<Measured> {
  const pairs: Pair[] = [];
  while (pairs.length < effort.pairs) {
    const start = (role: 'baseline' | 'candidate') =>
      LoadedServer.start(comparison[role], `${comparison.name}-${role}-${pairs.length}`, queue, surroundings);
    const baseline = await start('baseline');
    try {
      const candidate = await start('candidate');
      try {
        pairs.push(await measurePair(baseline, candidate, effort, signal));
      } finally {
        await candidate.stop();
      }
    } finally {
      await baseline.stop();
    }
  }
  return { comparison, pairs, ratio: summaryOf(pairs.flatMap(({ rounds }) => rounds.map(ratioOf))) };
}

/**
 * Both servers are up and warm; they take turns, and who comes first changes with every round, so that whatever else the
 * machine does meets both. A ratio is taken within its round.
 */
async function measurePair(
  baseline: LoadedServer,
  candidate: LoadedServer,
  { rounds: count, each, warmUp }: Effort,
  signal: AbortSignal,
): Promise<Pair> {
  for (const server of [baseline, candidate]) await server.burst(warmUp);
  const { generatorCpuMicrosPerRequest } = await baseline.burst(each, false);
  const rounds: Round[] = [];
  while (rounds.length < count) {
    signal.throwIfAborted();
    rounds.push(await round(baseline, candidate, each, rounds.length % 2 === 0));
  }
  const residentBytes = { baseline: await baseline.residentBytes(), candidate: await candidate.residentBytes() };
  return { rounds, generatorCpuMicrosPerRequest, residentBytes };
}

async function round(
  baseline: LoadedServer,
  candidate: LoadedServer,
  each: number,
  baselineFirst: boolean,
): Promise<Round> {
  if (baselineFirst) return { baseline: await baseline.burst(each), candidate: await candidate.burst(each) };
  const second = await candidate.burst(each);
  return { baseline: await baseline.burst(each), candidate: second };
}

function ratioOf({ baseline, candidate }: Round): number {
  return candidate.cpuMicrosPerRequest / baseline.cpuMicrosPerRequest;
}
