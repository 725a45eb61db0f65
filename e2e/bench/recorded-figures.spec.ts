import { describe, expect, it } from 'vitest';
import type { Figure } from './figure.js';
import { changesSince } from './recorded-figures.js';
import { summaryOf } from './statistics.js';
import { atLeast, atMost, type Target } from './target.js';

function figure(values: number[], target: Target | undefined, unit: Figure['unit'] = 'ratio'): Figure {
  return { id: 'P1', name: 'p1', title: 't', unit, summary: summaryOf(values), target, details: undefined };
}
const before = (value: number, quartiles: [number, number] = [value, value]) => ({
  figures: { p1: { value, quartiles } },
});
const verdict = (...of: Parameters<typeof changesSince>) => changesSince(...of).map((change) => change.verdict);

describe('a run held against the recorded one', () => {
  it('is as before within a tenth', () => {
    expect(verdict(before(1), [figure([1.09], atMost(2))])).toEqual(['as before']);
  });

  it('is worse beyond it, in the direction of the target', () => {
    expect(verdict(before(1), [figure([1.2], atMost(2))])).toEqual(['WORSE']);
    expect(verdict(before(1), [figure([0.8], atMost(2))])).toEqual(['better']);
    expect(verdict(before(1), [figure([0.8], atLeast(0.5))])).toEqual(['WORSE']);
    expect(verdict(before(1), [figure([1.2], atLeast(0.5))])).toEqual(['better']);
  });

  it('is as before within the spread of either run', () => {
    expect(verdict(before(1, [0.9, 1.2]), [figure([1.25], atMost(2))])).toEqual(['as before']);
    expect(verdict(before(1), [figure([1, 1.2, 1.5], atMost(2))])).toEqual(['as before']);
  });

  it('says nothing of what was not recorded, or depends on the machine', () => {
    expect(changesSince({ figures: {} }, [figure([1], undefined)])).toEqual([]);
    expect(changesSince(before(1), [figure([9], atMost(2), 'ms')])).toEqual([]);
  });
});
