import { describe, expect, it } from 'vitest';
import { summaryOf } from './statistics.js';

describe('what a row says of its rounds', () => {
  it('is the median, the middle half and the range, whatever their order', () => {
    const { median, quartiles, range } = summaryOf([5, 1, 4, 2, 3]);
    expect({ median, quartiles, range }).toEqual({ median: 3, quartiles: [2, 4], range: [1, 5] });
  });

  it('lies between two rounds when there is none in the middle', () => {
    expect(summaryOf([1, 2, 3, 10])).toEqual({ median: 2.5, quartiles: [1.75, 4.75], range: [1, 10] });
  });

  it('is that of the only one', () => {
    expect(summaryOf([7])).toEqual({ median: 7, quartiles: [7, 7], range: [7, 7] });
  });

  it('is nothing without a round', () => {
    expect(() => summaryOf([])).toThrow('nothing was measured');
  });
});
