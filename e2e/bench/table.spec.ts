import { describe, expect, it } from 'vitest';
import type { Figure } from './figure.js';
import { summaryOf } from './statistics.js';
import { tableOf } from './table.js';
import { atLeast, atMost } from './target.js';

function figure(values: number[], further: Partial<Figure> = {}): Figure {
  return {
    id: 'P3',
    name: 'p3',
    title: 'guarded / open',
    unit: 'ratio',
    details: undefined,
    summary: summaryOf(values),
    target: atMost(1.15),
    generatorShare: 0.2,
    ...further,
  };
}

describe('the table', () => {
  it('says beside each figure what was aimed at, and whether it was reached', () => {
    expect(tableOf([figure([1.15])])).toMatch(/P3 .* 1\.150 +<= 1\.15 met /);
    expect(tableOf([figure([1.16])])).toMatch(/P3 .* 1\.160 +<= 1\.15 MISSED /);
    expect(tableOf([figure([0.7], { target: atLeast(0.7) })])).toMatch(/ 0\.700 +>= 0\.7 met /);
    expect(tableOf([figure([0.69], { target: atLeast(0.7) })])).toMatch(/ 0\.690 +>= 0\.7 MISSED /);
  });

  it('judges by the slowest where that was promised', () => {
    const slow = { unit: 'ms', target: atMost(1_000), judgedBy: 'slowest' } as const;
    expect(tableOf([figure([10, 20, 1_001], slow)])).toMatch(/ 1001\.0 ms +<= 1000 ms MISSED /);
  });

  it('says how much of its core the generator took', () => {
    expect(tableOf([figure([1])])).toMatch(/ 20%$/);
  });
});
