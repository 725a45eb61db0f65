import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { BenchOutcome } from './run-bench.js';
import { judgedValue, type Figure } from './figure.js';
import type { Machine } from './machine.js';

/** What one run on one version of Node came to; committed, so that a later run can be held against it. */
export interface Recorded {
  readonly date: string;
  readonly machine: Machine;
  readonly figures: Readonly<Record<string, { readonly value: number; readonly quartiles: readonly [number, number] }>>;
}

/** By Node's major version. */
export type RecordedFigures = Readonly<Record<string, Recorded>>;

export interface Change {
  readonly title: string;
  readonly before: number;
  readonly now: number;
  readonly verdict: 'as before' | 'better' | 'WORSE';
}

/** Two processes of the same program differ by so much, on a machine that has nothing else to do. */
const LEAST_TOLERANCE = 0.1;

/** Ratios alone: seconds and megabytes are the machine's. */
export function changesSince({ figures: before }: Pick<Recorded, 'figures'>, figures: readonly Figure[]): Change[] {
  return figures.flatMap((figure) => {
    const known = before[figure.name];
    if (known === undefined || figure.unit !== 'ratio') return [];
    const now = judgedValue(figure);
    const spread = (quartiles: readonly [number, number], value: number) => (quartiles[1] - quartiles[0]) / value;
    const tolerance = Math.max(
      ...[LEAST_TOLERANCE, spread(known.quartiles, known.value), spread(figure.summary.quartiles, now)],
    );
    const change = now / known.value - 1;
    const gain = figure.target?.sense === 'at least' ? change : -change;
    const verdict = Math.abs(change) <= tolerance ? 'as before' : gain > 0 ? 'better' : 'WORSE';
    return [{ title: `${figure.id}  ${figure.title}`, before: known.value, now, verdict }];
  });
}

export function readRecorded(path: string): RecordedFigures {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as RecordedFigures) : {};
}

/** What was recorded for other versions of Node, and of figures that were not measured now, stays. */
export function record(path: string, { machine, figures }: BenchOutcome, date: string): void {
  const all = readRecorded(path);
  const node = majorOf(machine);
  const measured = figures.map((figure) => [
    figure.name,
    { value: judgedValue(figure), quartiles: figure.summary.quartiles },
  ]);
  const recorded = { date, machine, figures: { ...all[node]?.figures, ...Object.fromEntries(measured) } };
  writeFileSync(path, `${JSON.stringify({ ...all, [node]: recorded }, null, 2)}\n`);
}

export function majorOf({ node }: Pick<Machine, 'node'>): string {
  return /\d+/.exec(node)?.[0] ?? '';
}
