import { describe, expect, it } from 'vitest';
import { ReadValues } from './read-values.js';

function counted(bounds = { max: 10, longest: 100 }) {
  const asked: string[] = [];
  const values = new ReadValues((text) => {
    asked.push(text);
    if (text.startsWith('bad')) throw new Error(`cannot read ${text}`);
    return { text };
  }, bounds);
  return { values, asked };
}

describe('values that were read before', () => {
  it('are read once', () => {
    const { values, asked } = counted();
    expect(values.of('a')).toEqual({ text: 'a' });
    expect(values.of('a')).toBe(values.of('a'));
    expect(asked).toEqual(['a']);
  });

  it('are told apart by every character, in whatever order they come', () => {
    const { values } = counted();
    for (const text of ['aa', 'ab', 'aa', 'Aa', 'a', 'ab', 'aa ', 'aa', '']) expect(values.of(text)).toEqual({ text });
  });

  it('are not remembered when they could not be read', () => {
    const { values, asked } = counted();
    for (let time = 0; time < 3; time += 1) expect(() => values.of('bad')).toThrow('cannot read bad');
    expect(asked).toHaveLength(3);
    expect(values.size).toBe(0);
  });

  it('are not remembered when they are long', () => {
    const { values, asked } = counted({ max: 10, longest: 3 });
    for (const text of ['aaa', 'aaaa', 'aaa', 'aaaa']) values.of(text);
    expect(asked).toEqual(['aaa', 'aaaa', 'aaaa']);
    expect(values.size).toBe(1);
  });
});

describe('the bound', () => {
  it.each([0, 1, 2, 3, 7, 100])('of %i is never exceeded', (max) => {
    const { values } = counted({ max, longest: 100 });
    for (let number = 0; number < 1_000; number += 1) {
      expect(values.of(String(number))).toEqual({ text: String(number) });
      values.of(String(number % 13));
      expect(values.size).toBeLessThanOrEqual(max);
    }
  });

  it('keeps what is asked for, however many strangers come', () => {
    const { values, asked } = counted({ max: 10, longest: 100 });
    for (let number = 0; number < 200; number += 1) {
      values.of('regular');
      values.of(`stranger ${number}`);
    }
    expect(asked.filter((text) => text === 'regular')).toHaveLength(1);
  });
});
