import { describe, expect, it } from 'vitest';
import { namesRange, rulesNamedIn } from './rule-id.js';
import { specTitles } from './spec-titles.js';

describe('the titles of a spec', () => {
  it.each([
    ["it('plain', () => {})", ['plain']],
    ["describe('outer', () => { it('inner', () => {}); })", ['outer', 'inner']],
    ['it(`with ${value} in it`, () => {})', ['with … in it']],
    ["it.each([['first', 1], ['second', 2]])('%s row', () => {})", ['%s row', 'first', 'second']],
    ["it.each(['one', 'two'] as const)('$0', () => {})", ['$0', 'one', 'two']],
    ["it.each([['a', 1]] satisfies [string, number][])('%s', () => {})", ['%s', 'a']],
    ["it.each([['unused', 1]])('title', () => {})", ['title']],
    ["describe.each(NAMES)('of %s', () => {})", ['of %s']],
    ["it.each(\n  ROWS.map((row) => row),\n)('over lines: %s', () => {})", ['over lines: %s']],
    ["expect('no title'); other('neither', () => {}); // it('nor this')", []],
  ])('of %j', (source, titles) => {
    expect(specTitles(source)).toEqual(titles);
  });
});

describe('a title', () => {
  it.each([
    ['A10, A11: both', ['A10', 'A11']],
    ['in brackets (R5)', ['R5']],
    ['T1 and again T1', ['T1']],
    ['SHA256, RFC8705, A256GCM, X1 and BA1 are none', []],
  ])('%j', (title, rules) => {
    expect(rulesNamedIn(title)).toEqual(rules);
  });

  it.each(['A1 to A3', 'A1-A3', 'A1–3', 'T1..T3'])('that names a range is told: %s', (title) => {
    expect(namesRange(title)).toBe(true);
  });

  it.each(['A1, A3', 'A1 and A3', 'A1: 3 of them'])('that names single rules is not: %s', (title) => {
    expect(namesRange(title)).toBe(false);
  });
});
