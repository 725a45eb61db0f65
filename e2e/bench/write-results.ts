import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from './figure.js';
import type { Machine } from './machine.js';

export interface Results {
  readonly began: Date;
  readonly machine: Machine;
  readonly quick: boolean;
  readonly figures: readonly Figure[];
}

/** Every burst of the run as JSON. Returns the path. */
export function writeResults(directory: string, results: Results): string {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${results.began.toISOString().replaceAll(/[:.]/g, '-')}.json`);
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
  return path;
}
