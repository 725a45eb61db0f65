import { judgedValue, type Figure } from './figure.js';
import { isMet } from './target.js';

const HEADINGS = [
  '',
  'measured',
  'target',
  'half of rounds',
  'all rounds',
  'CPU µs/request',
  'requests/s',
  'generator',
  '',
];

const SENSES = { 'at least': '>=', 'at most': '<=' } as const;

/** One row for each figure; columns are as wide as they must be. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [HEADINGS, ...figures.map(rowOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowOf(figure: Figure): string[] {
  const { id, title, summary, unit, cpuMicros = '', perSecond = '', generatorShare, note = '' } = figure;
  const shown = (value: number): string => valueIn(value, unit);
  return [
    `${id}  ${title}`,
    shown(judgedValue(figure)),
    targetOf(figure),
    summary.quartiles.map(shown).join(' to '),
    summary.range.map(shown).join(' to '),
    cpuMicros,
    perSecond,
    generatorShare === undefined ? '' : `${Math.round(generatorShare * 100)}%`,
    note,
  ];
}

function targetOf(figure: Figure): string {
  const { target, unit } = figure;
  if (target === undefined) return '';
  const verdict = isMet(judgedValue(figure), target) ? 'met' : 'MISSED';
  return `${SENSES[target.sense]} ${target.bound}${unit === 'ratio' ? '' : ` ${unit}`} ${verdict}`;
}

function valueIn(value: number, unit: Figure['unit']): string {
  switch (unit) {
    case 'ratio':
      return value.toFixed(3);
    case 's':
      return `${value.toFixed(2)} s`;
    case 'ms':
      return `${value.toFixed(1)} ms`;
    case 'MiB':
      return `${value.toFixed(0)} MiB`;
  }
}
