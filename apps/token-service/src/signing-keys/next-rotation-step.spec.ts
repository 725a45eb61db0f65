import { describe, expect, it } from 'vitest';
import { nextRotationStep, promotionOf, type RotatingKey, type RotationStep } from './next-rotation-step.js';
import type { SigningAlgorithm } from '../records/signing-algorithm.js';
import type { SigningKeyStatus } from '../records/signing-key.entity.js';
import { SigningKeyPolicy } from './signing-key-policy.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const policy = new SigningKeyPolicy({ algorithms: ['ES256'] });

const before = (ms: number): Date => new Date(NOW.getTime() - ms);

interface Ages {
  alg?: SigningAlgorithm;
  created?: number;
  activated?: number;
  retired?: number;
}

function key(kid: string, status: SigningKeyStatus, { alg = 'ES256', created = 0, ...ages }: Ages = {}): RotatingKey {
  const activatedAt = status === 'next' ? null : before(ages.activated ?? created);
  const retiredAt = ages.retired === undefined ? null : before(ages.retired);
  return { kid, alg, status, createdAt: before(created), activatedAt, retiredAt };
}

const next = (keys: RotatingKey[], given = policy): RotationStep | undefined => nextRotationStep(keys, NOW, given);

describe('A28: the next step of the rotation', () => {
  it('founds every algorithm on an empty table, and only there', () => {
    const both = new SigningKeyPolicy({ algorithms: ['ES256', 'PS256'] });
    expect(next([], both)).toEqual({ kind: 'found', algorithms: ['ES256', 'PS256'] });
    // Whoever distrusted every key has APIs with caches: what comes must stand by first.
    expect(next([key('a', 'distrusted')])).toEqual({ kind: 'stand-by', alg: 'ES256' });
    expect(next([key('a', 'deleted')])).toEqual({ kind: 'stand-by', alg: 'ES256' });
  });

  it('is none while the current key is young and a standby is published', () => {
    expect(next([key('c', 'current'), key('n', 'next')])).toBeUndefined();
    expect(next([key('c', 'current', { activated: 30 * DAY - 1 }), key('n', 'next', { created: 30 * DAY })])).toBe(
      undefined,
    );
  });

  it('makes a standby where there is none, before anything else', () => {
    expect(next([key('c', 'current', { activated: 365 * DAY })])).toEqual({ kind: 'stand-by', alg: 'ES256' });
  });

  it('rotates at the end of the period, to the millisecond', () => {
    const keys = [key('c', 'current', { activated: 30 * DAY }), key('n', 'next', { created: 2 * DAY })];
    expect(next(keys)).toEqual({ kind: 'promote', alg: 'ES256', kid: 'n', retire: 'c' });
  });

  it('counts the period from when a key became current, not from when it was made', () => {
    const current = key('c', 'current', { created: 60 * DAY, activated: 29 * DAY });
    expect(next([current, key('n', 'next', { created: 29 * DAY })])).toBeUndefined();
  });

  it.each([
    [DAY - 1, undefined],
    [DAY, { kind: 'promote', alg: 'ES256', kid: 'n', retire: 'c' }],
  ])('publishes before use: a standby published for %i ms', (created, expected) => {
    expect(next([key('c', 'current', { activated: 99 * DAY }), key('n', 'next', { created })])).toEqual(expected);
  });

  it.each([
    [40 * SECOND - 1, undefined],
    [40 * SECOND, { kind: 'promote', alg: 'ES256', kid: 'n' }],
  ])('without a current key the standby takes over once every replica publishes it: after %i ms', (created, step) => {
    expect(next([key('d', 'distrusted'), key('n', 'next', { created })])).toEqual(step);
  });

  it.each([
    [990 * SECOND - 1, undefined],
    [990 * SECOND, { kind: 'delete', kid: 'r' }],
  ])('keeps a retired key until the last token has expired: retired for %i ms', (retired, expected) => {
    expect(next([key('c', 'current'), key('n', 'next'), key('r', 'retired', { retired })])).toEqual(expected);
  });

  it('does the same for each algorithm, in the order of the configuration', () => {
    const all = new SigningKeyPolicy();
    const ring = (alg: SigningAlgorithm, ages: Ages = {}) => [
      key(`c-${alg}`, 'current', { alg, ...ages }),
      key(`n-${alg}`, 'next', { alg, created: 2 * DAY }),
    ];
    const young = [...ring('ES256'), ...ring('PS256'), ...ring('EdDSA')];
    expect(next(young, all)).toBeUndefined();
    const old = [
      ...ring('ES256'),
      ...ring('PS256', { activated: 31 * DAY }),
      ...ring('EdDSA', { activated: 31 * DAY }),
    ];
    expect(next(old, all)).toEqual({ kind: 'promote', alg: 'PS256', kid: 'n-PS256', retire: 'c-PS256' });
    expect(next(ring('ES256'), all)).toEqual({ kind: 'stand-by', alg: 'PS256' });
  });

  it('lets an algorithm that is no longer configured end with its period, without a successor', () => {
    const es256 = [key('c', 'current'), key('n', 'next')];
    const dropped = (activated: number) => [
      key('pc', 'current', { alg: 'PS256', activated }),
      key('pn', 'next', { alg: 'PS256', created: activated }),
    ];
    expect(next([...es256, ...dropped(30 * DAY - 1)])).toBeUndefined();
    const [current, standby] = dropped(30 * DAY);
    expect(next([...es256, current!, standby!])).toEqual({ kind: 'retire', kid: 'pc' });
    const retired = key('pc', 'retired', { alg: 'PS256', retired: 0 });
    expect(next([...es256, retired, standby!])).toEqual({ kind: 'delete', kid: 'pn' });
    expect(next([...es256, retired])).toBeUndefined();
  });

  it('leaves alone what is deleted or distrusted', () => {
    const old = { created: 999 * DAY, activated: 999 * DAY, retired: 999 * DAY };
    expect(next([key('c', 'current'), key('n', 'next'), key('x', 'deleted', old), key('y', 'distrusted', old)])).toBe(
      undefined,
    );
  });

  it('does not read the order of the keys, nor its own clock', () => {
    const keys = [key('n', 'next', { created: 2 * DAY }), key('c', 'current', { activated: 31 * DAY })];
    expect(next(keys)).toEqual(next([...keys].reverse()));
    expect(nextRotationStep(keys, before(2 * DAY), policy)).toBeUndefined();
  });
});

describe('A28: the steps together, over a year, a step at a time', () => {
  // A model of the table that obeys the steps as the repository does.
  function obey(keys: RotatingKey[], step: RotationStep, now: Date): RotatingKey[] {
    const made = (status: 'next' | 'current', alg: SigningAlgorithm): RotatingKey => ({
      kid: `k${keys.length}-${alg}-${status}-${now.getTime()}`,
      alg,
      status,
      createdAt: now,
      activatedAt: status === 'current' ? now : null,
      retiredAt: null,
    });
    const moved = (kid: string, change: Partial<RotatingKey>) =>
      keys.map((one) => (one.kid === kid ? { ...one, ...change } : one));
    switch (step.kind) {
      case 'found':
        return step.algorithms.flatMap((alg) => [made('current', alg), made('next', alg)]);
      case 'stand-by':
        return [...keys, made('next', step.alg)];
      case 'promote':
        keys = moved(step.retire ?? '', { status: 'retired', retiredAt: now });
        return moved(step.kid, { status: 'current', activatedAt: now });
      case 'retire':
        return moved(step.kid, { status: 'retired', retiredAt: now });
      case 'delete':
        return moved(step.kid, { status: 'deleted' });
    }
  }

  it('always end, always leave one current key and one standby, and never use a key before its time', () => {
    const all = new SigningKeyPolicy();
    let keys: RotatingKey[] = [];
    let promotions = 0;
    for (let hour = 0; hour < 365 * 24; hour += 1) {
      const now = new Date(NOW.getTime() + hour * 3_600 * SECOND);
      let steps = 0;
      for (let step = nextRotationStep(keys, now, all); step; step = nextRotationStep(keys, now, all)) {
        if (step.kind === 'promote') {
          const { kid } = step;
          promotions += 1;
          expect(now.getTime() - keys.find((one) => one.kid === kid)!.createdAt.getTime()).toBeGreaterThanOrEqual(DAY);
        }
        keys = obey(keys, step, now);
        expect((steps += 1)).toBeLessThan(20);
      }
      for (const alg of all.algorithms) {
        const states = keys.filter((one) => one.alg === alg).map(({ status }) => status);
        expect(states.filter((status) => status === 'current')).toHaveLength(1);
        expect(states.filter((status) => status === 'next')).toHaveLength(1);
      }
    }
    expect(promotions).toBe(3 * 12);
    expect(keys.filter(({ status }) => status === 'deleted').length).toBe(3 * 12);
  });
});

describe('promotionOf', () => {
  it('is of the asked algorithm, and none without a standby that is old enough', () => {
    const keys = [key('c', 'current'), key('n', 'next', { created: 60 * SECOND }), key('p', 'next', { alg: 'PS256' })];
    expect(promotionOf(keys, 'ES256', NOW, 60 * SECOND)).toEqual({
      kind: 'promote',
      alg: 'ES256',
      kid: 'n',
      retire: 'c',
    });
    expect(promotionOf(keys, 'ES256', NOW, 61 * SECOND)).toBeUndefined();
    expect(promotionOf(keys, 'EdDSA', NOW, 0)).toBeUndefined();
    expect(promotionOf(keys, 'PS256', NOW, 0)).toEqual({ kind: 'promote', alg: 'PS256', kid: 'p' });
  });
});
