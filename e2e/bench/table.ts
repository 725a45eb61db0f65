import type { Burst } from './loaded-server.js';
import type { Measured, Round } from './measure.js';
import { summaryOf } from './statistics.js';

const HEADINGS = [
  '',
  'CPU ratio',
  'target',
  'half of rounds',
  'all rounds',
  'CPU µs/request',
  'requests/s',
  'generator',
];

/** One row for each comparison; columns are as wide as they must be. */
export function tableOf(measured: readonly Measured[]): string {
  const rows = [HEADINGS, ...measured.map(rowOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowOf(measured: Measured): string[] {
  const { comparison, pairs, ratio } = measured;
  const rounds = pairs.flatMap((pair) => pair.rounds);
  const { id, title, target } = comparison;
  const verdict = target === undefined ? '' : ratio.median <= target ? ' met' : ' MISSED';
  return [
    `${id}  ${title}`,
    ratio.median.toFixed(3),
    target === undefined ? '' : `<= ${target.toFixed(2)}${verdict}`,
    ratio.quartiles.map(fixed).join(' to '),
    ratio.range.map(fixed).join(' to '),
    bothOf(rounds, ({ cpuMicrosPerRequest }) => cpuMicrosPerRequest),
    bothOf(rounds, ({ requestsPerSecond }) => requestsPerSecond),
    `${Math.round(busiestShare(measured) * 100)}%`,
  ];
}

function bothOf(rounds: readonly Round[], figure: (burst: Burst) => number): string {
  const medianOf = (role: keyof Round) => Math.round(summaryOf(rounds.map((round) => figure(round[role]))).median);
  return `${medianOf('candidate')} / ${medianOf('baseline')}`;
}

/** Of a core, in the fastest burst: near 1 the generator would be the bottleneck. */
function busiestShare({ pairs }: Measured): number {
  const shares = pairs.flatMap(({ rounds, generatorCpuMicrosPerRequest }) =>
    rounds.flatMap(({ baseline, candidate }) =>
      [baseline, candidate].map(({ requestsPerSecond }) => requestsPerSecond * generatorCpuMicrosPerRequest),
    ),
  );
  return Math.max(...shares) / 1e6;
}

function fixed(ratio: number): string {
  return ratio.toFixed(3);
}
