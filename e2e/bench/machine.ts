import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import type { Cores } from './cores.js';

/** What the figures hang on besides the code. */
export interface Machine {
  readonly node: string;
  readonly openssl: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly pinned: Cores | null;
  /** processes that wanted to run, averaged over the last minute; before a run on a quiet machine it is near 0 */
  readonly load: number;
}

export function describeMachine(cores: Cores | undefined): Machine {
  return {
    node: process.version,
    openssl: process.versions.openssl,
    platform: `${process.platform} ${process.arch} ${release()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    pinned: cores ?? null,
    load: loadavg()[0] ?? 0,
  };
}

export function machineLine({ node, processor, cores, pinned, load }: Machine): string {
  const pins = pinned ? `server on core ${pinned.server}, generator on ${pinned.generator}` : 'not pinned';
  return `Node ${node}, ${cores} cores (${processor}), ${pins}, load before ${load.toFixed(2)}`;
}
