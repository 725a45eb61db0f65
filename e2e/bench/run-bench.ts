import { join } from 'node:path';
import { workspaceRoot } from '../stack/workspace-root.js';
import { chooseCores, pinSelf } from './cores.js';
import type { Bench } from './experiment.js';
import { EXPERIMENTS } from './experiments.js';
import type { Figure } from './figure.js';
import { describeMachine, machineLine, type Machine } from './machine.js';
import { tableOf } from './table.js';
import type { TargetId } from './target.js';
import { writeResults } from './write-results.js';

export interface BenchOptions extends Pick<Bench, 'quick' | 'signal' | 'say'> {
  readonly wanted: readonly TargetId[];
  /** whether each server writes a CPU profile */
  readonly profile: boolean;
}

export interface BenchOutcome {
  readonly machine: Machine;
  readonly figures: readonly Figure[];
}

/** One experiment after the other; prints the table and writes the JSON. */
export async function runBench({ wanted, quick, profile, signal, say }: BenchOptions): Promise<BenchOutcome> {
  const began = new Date();
  const directory = join(workspaceRoot(), 'e2e', 'bench', 'results');
  const cores = chooseCores();
  const machine = describeMachine(cores);
  // Postgres and all else that is started, and not measured, has the same core as the generator.
  if (cores) pinSelf(cores.generator);
  say(machineLine(machine));
  const profiles = profile ? join(directory, 'profiles') : undefined;
  const bench: Bench = { cores, quick, profiles, signal, say: (line) => say(`${elapsed(began)}  ${line}`) };
  const figures: Figure[] = [];
  for (const experiment of EXPERIMENTS) {
    const ids = new Set(experiment.ids.filter((id) => wanted.includes(id)));
    if (ids.size > 0) figures.push(...(await experiment.run(bench, ids)));
  }
  say(`\n${tableOf(figures)}\n`);
  say(writeResults(directory, { began, machine, quick, figures }));
  return { machine, figures };
}

function elapsed(began: Date): string {
  return `${((Date.now() - began.getTime()) / 1_000).toFixed(0).padStart(4)} s`;
}
