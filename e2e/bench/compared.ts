import type { Figure } from './figure.js';
import type { Burst } from './loaded-server.js';
import type { Measured, Round } from './measure.js';
import { summaryOf } from './statistics.js';

/** The row of a comparison. */
export function compared(measured: Measured): Figure {
  const { comparison, pairs, ratio } = measured;
  const { id, name, title, target } = comparison;
  const rounds = pairs.flatMap((pair) => pair.rounds);
  return {
    id,
    name,
    title,
    target,
    unit: 'ratio',
    summary: ratio,
    details: pairs,
    cpuMicros: bothOf(rounds, ({ cpuMicrosPerRequest }) => cpuMicrosPerRequest),
    perSecond: bothOf(rounds, ({ requestsPerSecond }) => requestsPerSecond),
    generatorShare: busiestShare(measured),
  };
}

function bothOf(rounds: readonly Round[], figure: (burst: Burst) => number): string {
  const medianOf = (role: keyof Round) => Math.round(summaryOf(rounds.map((round) => figure(round[role]))).median);
  return `${medianOf('candidate')} / ${medianOf('baseline')}`;
}

function busiestShare({ pairs }: Measured): number {
  const shares = pairs.flatMap(({ rounds, generatorCpuMicrosPerRequest }) =>
    rounds.flatMap(({ baseline, candidate }) =>
      [baseline, candidate].map(({ requestsPerSecond }) => requestsPerSecond * generatorCpuMicrosPerRequest),
    ),
  );
  return Math.max(...shares) / 1e6;
}
