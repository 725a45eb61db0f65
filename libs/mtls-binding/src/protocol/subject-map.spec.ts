import { describe, expect, it } from 'vitest';
import type { RevocationKind, RevocationSubject } from './revocation-feed.js';
import { SubjectMap } from './subject-map.js';

const grant = (client_id: string, audience: string, scope: string) => ({ client_id, audience, scope });
const SUBJECTS: [RevocationKind, RevocationSubject, string[]][] = [
  ['all', {}, []],
  ['partner', { partner_id: 'x' }, ['x']],
  ['client', { client_id: 'x' }, ['x']],
  ['certificate', { thumbprint: 'x' }, ['x']],
  ['jti', { jti: 'x' }, ['x']],
  ['key', { kid: 'x' }, ['x']],
  ['grant', grant('x', 'a', 's'), ['x', 'a', 's']],
  ['grant', grant('x', 'a', 't'), ['x', 'a', 't']],
  ['grant', grant('y', 'a', 's'), ['y', 'a', 's']],
];

function full(): SubjectMap<number> {
  const map = new SubjectMap<number>();
  SUBJECTS.forEach(([kind, subject], number) => map.set(kind, subject, number));
  return map;
}

describe('R2: what is held about a subject', () => {
  it.each(SUBJECTS.map((subject, number) => [...subject, number] as const))(
    'is found by it alone: %s %j',
    (kind, subject, members, number) => {
      expect(full().find(kind, ...members)).toBe(number);
      expect(full().get(kind, subject)).toBe(number);
      const alone = new SubjectMap<true>();
      alone.set(kind, subject, true);
      expect(SUBJECTS.filter(([other, , texts]) => alone.find(other, ...texts))).toEqual([SUBJECTS[number]]);
    },
  );

  it('is told from a grant that only looks alike', () => {
    const map = new SubjectMap<true>();
    map.set('grant', grant('c', 'ab', 'c'), true);
    expect(map.find('grant', 'c', 'a', 'bc')).toBeUndefined();
    expect(map.find('grant', 'c', 'abc', '')).toBeUndefined();
    expect(map.find('grant', 'c', 'ab', 'c')).toBe(true);
  });

  it('is not to be had by the name of a property that every object has', () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(full().find('client', name)).toBeUndefined();
      expect(full().find('grant', name, name, name)).toBeUndefined();
    }
  });

  it('is counted once, however often it is set, until it is dropped', () => {
    const map = full();
    SUBJECTS.forEach(([kind, subject], number) => map.set(kind, subject, number + 100));
    expect(map.size).toBe(SUBJECTS.length);
    expect([...map.values()].sort()).toEqual(SUBJECTS.map((_, number) => number + 100));
    map.keep((number) => number % 2 === 0);
    expect([...map.values()].sort()).toEqual([100, 102, 104, 106, 108]);
    expect(map.size).toBe(5);
    map.keep(() => false);
    expect(map.size).toBe(0);
    expect(SUBJECTS.filter(([kind, subject]) => map.get(kind, subject) !== undefined)).toEqual([]);
  });
});
