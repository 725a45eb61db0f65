import { join } from 'node:path';
import type { Stack } from '../../stack/start-stack.js';
import { switchOff, type RevocationDrillOptions, type RevocationDrillResult } from './revocation-drill.js';
import type { Trial } from './trial.js';

/** What is promised, from the operator's answer to the last guard's refusal. */
const BOUND_MS = 1_000;
const TOLD_EVERY = 20;

export interface RevocationDrillRun extends Pick<RevocationDrillOptions, 'seed' | 'trials' | 'directory' | 'signal'> {
  say: (line: string) => void;
}

/** Tells how it goes and how long each kind took. Gives the number of broken promises, which must be none. */
export async function runRevocationDrill(stack: Stack, run: RevocationDrillRun): Promise<number> {
  const { say, directory, ...options } = run;
  say(`access taken away under load: ${options.trials} trials, seed ${options.seed}`);
  const result = await switchOff(stack, {
    ...options,
    directory: join(directory, 'guards'),
    tell: (done) => {
      if (done % TOLD_EVERY === 0 || done === options.trials) say(`  ${String(done).padStart(4)} trials`);
    },
  });
  say('\nMilliseconds from the answer to the operator until the last of three guards refused:');
  say(`  ${'kind'.padEnd(32)}${'trials'.padStart(7)}${'median'.padStart(8)}${'slowest'.padStart(9)}`);
  for (const [kind, times] of timesByKind(result.trials)) say(lineOf(kind, times));
  say(lineOf('all', sortedTimes(result.trials)));
  return judge(result, options.trials, say);
}

function judge({ trials, load }: RevocationDrillResult, wanted: number, say: RevocationDrillRun['say']): number {
  const late = trials.filter(({ lastRefusalMs }) => lastRefusalMs > BOUND_MS);
  const unexpected = Object.entries(load.unexpected).map(([what, times]) => `${what} (${times} times)`);
  const promises: [name: string, faults: string[]][] = [
    [`every guard refuses within ${BOUND_MS} ms`, late.map(({ kind, lastRefusalMs }) => `${kind}: ${lastRefusalMs}`)],
    ['every trial was made', trials.length === wanted ? [] : [`${trials.length} of ${wanted}`]],
    ['a partner that nobody touched was served all along', unexpected],
  ];
  say(
    `\nMeanwhile ${load.answered} requests of another partner were answered, ${load.perSecond.toFixed(0)} per second.\n`,
  );
  for (const [name, faults] of promises) {
    say(`  ${faults.length === 0 ? 'holds ' : 'BROKEN'}  ${name}`);
    for (const fault of faults) say(`            ${fault}`);
  }
  return promises.filter(([, faults]) => faults.length > 0).length;
}

function timesByKind(trials: readonly Trial[]): [kind: string, times: number[]][] {
  const kinds = [...new Set(trials.map(({ kind }) => kind))];
  return kinds.map((kind) => [kind, sortedTimes(trials.filter((trial) => trial.kind === kind))]);
}

function sortedTimes(trials: readonly Trial[]): number[] {
  return trials.map(({ lastRefusalMs }) => lastRefusalMs).sort((a, b) => a - b);
}

function lineOf(kind: string, times: readonly number[]): string {
  const column = (value: number | undefined, width: number): string => (value ?? NaN).toFixed(0).padStart(width);
  const middle = times[Math.floor(times.length / 2)];
  return `  ${kind.padEnd(32)}${column(times.length, 7)}${column(middle, 8)}${column(times.at(-1), 9)}`;
}
