import type { Summary } from './statistics.js';
import type { Target, TargetId } from './target.js';

/** One row of the table: what was measured of one target. */
export interface Figure {
  readonly id: TargetId;
  /** stays the same from run to run; recorded results are found by it */
  readonly name: string;
  readonly title: string;
  /** `ratio` of two servers in the same run, the only unit that can be compared between machines */
  readonly unit: 'ratio' | 's' | 'ms' | 'MiB';
  /** of all rounds; judged by the median, unless `judgedBy` says the slowest */
  readonly summary: Summary;
  readonly judgedBy?: 'slowest';
  readonly target: Target | undefined;
  /** candidate / baseline, or of the one there is */
  readonly cpuMicros?: string;
  readonly perSecond?: string;
  /** of a core, in the fastest burst: near 1 the generator would be the bottleneck */
  readonly generatorShare?: number;
  /** what else is to be known, in one line */
  readonly note?: string;
  /** everything it was made of, for the JSON */
  readonly details: unknown;
}

export function judgedValue({ summary, judgedBy }: Figure): number {
  return judgedBy === 'slowest' ? summary.range[1] : summary.median;
}
