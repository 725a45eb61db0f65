import type { CaseScene } from './case-scene.js';

/** One input that another implementation sends, or a public report names, and what has to come of it. */
export interface Case {
  /** number of the group, and the input: `01 x5t` */
  readonly name: string;
  readonly expected: string;
  /** What came of it, in the same words as `expected` if it is that. */
  run(scene: CaseScene): Promise<string>;
}
