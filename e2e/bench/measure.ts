import type { Comparison } from './comparison.js';
import type { Burst, Burstable } from './loaded-server.js';
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
  /** round by round, as the comparison asks for it */
  readonly ratio: Summary;
}

export async function measure(comparison: Comparison, effort: Effort, signal: AbortSignal): Promise<Measured> {
  const pairs: Pair[] = [];
  while (pairs.length < effort.pairs) {
    const start = (role: 'baseline' | 'candidate') => comparison[role](`${comparison.name}-${role}-${pairs.length}`);
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
  const ratioOf = comparison.ratio === 'cost' ? costOf : shareOf;
  return { comparison, pairs, ratio: summaryOf(pairs.flatMap(({ rounds }) => rounds.map(ratioOf))) };
}

/**
 * Both servers are up and warm; they take turns, and who comes first changes with every round, so that whatever else the
 * machine does meets both. A ratio is taken within its round.
 */
async function measurePair(
  baseline: Burstable,
  candidate: Burstable,
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

async function round(baseline: Burstable, candidate: Burstable, each: number, baselineFirst: boolean): Promise<Round> {
  if (baselineFirst) return { baseline: await baseline.burst(each), candidate: await candidate.burst(each) };
  const second = await candidate.burst(each);
  return { baseline: await baseline.burst(each), candidate: second };
}

function costOf({ baseline, candidate }: Round): number {
  return candidate.cpuMicrosPerRequest / baseline.cpuMicrosPerRequest;
}

function shareOf(round: Round): number {
  return 1 / costOf(round);
}
