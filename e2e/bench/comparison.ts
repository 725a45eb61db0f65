import type { Burstable } from './loaded-server.js';
import type { Target, TargetId } from './target.js';

/** @param name in file names */
export type StartServer = (name: string) => Promise<Burstable>;

/** Two servers that are sent the same requests. */
export interface Comparison {
  readonly id: TargetId;
  /** in file names and in the recorded results; stays the same */
  readonly name: string;
  readonly title: string;
  /**
   * `cost`: CPU per request, candidate to baseline; smaller is better. `share`: requests per second of CPU, candidate to
   * baseline, the same turned round: of a server that has a core of its own, requests per second
   */
  readonly ratio: 'cost' | 'share';
  readonly baseline: StartServer;
  readonly candidate: StartServer;
  /** undefined: measured to be known, nothing was promised */
  readonly target: Target | undefined;
}
