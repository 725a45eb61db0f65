import { describe, expect, it } from 'vitest';
import { coresIn, nodeOn } from './cores.js';

describe('the cores that Linux lists', () => {
  it.each([
    ['0-1', [0, 1]],
    ['0', [0]],
    ['2,5', [2, 5]],
    ['0-2,7,9-10', [0, 1, 2, 7, 9, 10]],
    ['', []],
  ])('%j are %j', (list, cores) => expect(coresIn(list)).toEqual(cores));
});

describe('the command line', () => {
  it('pins where it can', () => {
    expect(nodeOn(3, ['a.js'])).toEqual(['taskset', ['--cpu-list', '3', process.execPath, 'a.js']]);
    expect(nodeOn(undefined, ['a.js'])).toEqual([process.execPath, ['a.js']]);
  });
});
