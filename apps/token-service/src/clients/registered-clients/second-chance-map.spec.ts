import { describe, expect, it } from 'vitest';
import { SecondChanceMap } from './second-chance-map.js';

const filled = (bound: number, keys: string) => {
  const map = new SecondChanceMap<string>(bound);
  for (const key of keys) map.set(key, key);
  return map;
};
const kept = (map: SecondChanceMap<string>, keys: string) =>
  [...keys].filter((key) => map.get(key) !== undefined).join('');

describe('SecondChanceMap', () => {
  it('never holds more than its bound', () => {
    const map = filled(3, 'abcdefgh');
    expect(map.size).toBe(3);
    expect(kept(map, 'abcdefgh')).toBe('fgh');
  });

  it('forgets first what nobody asked for', () => {
    const map = filled(3, 'abc');
    map.get('a');
    map.set('d', 'd');
    expect(kept(map, 'abcd')).toBe('acd');
  });

  it('forgets the oldest when everything was asked for, and never what is being added', () => {
    const map = filled(3, 'abc');
    kept(map, 'abc');
    map.set('d', 'd');
    expect(kept(map, 'abcd')).toBe('bcd');
  });

  it('replacing a value takes no further place', () => {
    const map = filled(2, 'ab');
    map.set('a', 'new');
    expect([map.get('a'), map.get('b'), map.size]).toEqual(['new', 'b', 2]);
  });

  it('what is deleted is gone', () => {
    const map = filled(2, 'ab');
    map.delete('a');
    expect(kept(map, 'ab')).toBe('b');
    map.clear();
    expect(map.size).toBe(0);
  });
});
