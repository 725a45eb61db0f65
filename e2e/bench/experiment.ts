import type { Cores } from './cores.js';
import type { Figure } from './figure.js';
import type { TargetId } from './target.js';

/** What every experiment is told. */
export interface Bench {
  /** undefined: nothing is pinned */
  readonly cores: Cores | undefined;
  /** fewer and shorter bursts, less of everything */
  readonly quick: boolean;
  /** folder for CPU profiles; undefined: none are written */
  readonly profiles: string | undefined;
  readonly signal: AbortSignal;
  say(line: string): void;
}

/** What measures some of the targets, with whatever it must start for it. */
export interface Experiment {
  readonly ids: readonly TargetId[];
  /** @param wanted some of `ids` */
  run(bench: Bench, wanted: ReadonlySet<TargetId>): Promise<Figure[]>;
}
