import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Which core serves and which one sends. */
export interface Cores {
  readonly server: number;
  readonly generator: number;
  /** what is left */
  readonly spare: readonly number[];
}

/** Two cores of those that this process may use; undefined without `taskset` or with one core: then nothing is pinned. */
export function chooseCores(): Cores | undefined {
  if (process.platform !== 'linux' || spawnSync('taskset', ['--version']).status !== 0) return undefined;
  const [, list = ''] = /^Cpus_allowed_list:\s*(.+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  const [server, generator, ...spare] = coresIn(list);
  return server === undefined || generator === undefined ? undefined : { server, generator, spare };
}

/** @param list as Linux writes it: `0-2,5` */
export function coresIn(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part.trim()) ?? [];
    if (first === undefined) return [];
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, at) => Number(first) + at);
  });
}

/** This process, all of its threads, from now on. */
export function pinSelf(core: number): void {
  const { status } = spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(process.pid)]);
  if (status !== 0) throw new Error(`taskset could not pin this process to core ${core}`);
}

/** The command line that runs Node on this core. */
export function nodeOn(core: number | undefined, args: readonly string[]): [string, readonly string[]] {
  if (core === undefined) return [process.execPath, args];
  return ['taskset', ['--cpu-list', String(core), process.execPath, ...args]];
}
