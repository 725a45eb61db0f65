import { BenchError } from './bench-error.js';
import type { Comparison } from './comparison.js';
import type { Bench } from './experiment.js';
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
  /** pairs that were given up: the machine was too busy, or something is wrong */
  readonly failures: number;
  /** round by round, as the comparison asks for it */
  readonly ratio: Summary;
}

/** A pair that fails is given up and another one takes its place; a third failure ends it. */
const MOST_FAILURES = 2;

/** @throws BenchError `request_failed`, `server_failed` */
export async function measure(
  comparison: Comparison,
  effort: Effort,
  bench: Pick<Bench, 'signal' | 'say'>,
): Promise<Measured> {
  const pairs: Pair[] = [];
  let failures = 0;
  while (pairs.length < effort.pairs) {
    try {
      pairs.push(await freshPair(comparison, pairs.length + failures, effort, bench.signal));
    } catch (error) {
      if (!(error instanceof BenchError) || ++failures > MOST_FAILURES) throw error;
      bench.say(`${comparison.id}  a pair is given up: ${error.message.slice(0, 200)}`);
    }
  }
  const ratioOf = comparison.ratio === 'cost' ? costOf : shareOf;
  return { comparison, pairs, failures, ratio: summaryOf(pairs.flatMap(({ rounds }) => rounds.map(ratioOf))) };
}

async function freshPair(comparison: Comparison, number: number, effort: Effort, signal: AbortSignal): Promise<Pair> {
  const start = (role: 'baseline' | 'candidate') => comparison[role](`${comparison.name}-${role}-${number}`);
  const baseline = await start('baseline');
  try {
    const candidate = await start('candidate');
    try {
      return await measurePair(baseline, candidate, effort, signal);
    } finally {
      await candidate.stop();
    }
  } finally {
    await baseline.stop();
  }
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
  // Not awake: what a server must first read from Postgres, which has the generator's core, comes in time.
  for (const server of [baseline, candidate]) await server.burst(warmUp, false);
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
