import { describe, expect, it } from 'vitest';
import { hasRoom, isInUse, useWindowOf } from './use-window.js';

const at = (day: number) => new Date(Date.UTC(2026, 0, day));
const active = (end: number, retire?: number) => ({
  status: 'active' as const,
  activate_at: null,
  not_after: at(end),
  retire_at: retire === undefined ? null : at(retire),
});
const pending = (begin: number | null, end: number) => ({
  status: 'pending' as const,
  retire_at: null,
  not_after: at(end),
  activate_at: begin === null ? null : at(begin),
});
const time = (from: number, until: number) => ({ from: at(from).getTime(), until: at(until).getTime() });

describe('when a certificate is in use', () => {
  it('an active one until it is retired or ends, whichever comes first; whatever a job has written', () => {
    expect([9, 10, 11].map((day) => isInUse(active(20, 10), at(day)))).toEqual([true, false, false]);
    expect([9, 10].map((day) => isInUse(active(10), at(day)))).toEqual([true, false]);
  });

  it('a pending one from its date on, and without one not at all', () => {
    expect([9, 10, 20].map((day) => isInUse(pending(10, 20), at(day)))).toEqual([false, true, false]);
    expect(isInUse(pending(null, 20), at(10))).toBe(false);
  });

  it.each(['superseded', 'revoked', 'expired'] as const)('a %s one never', (status) => {
    expect(useWindowOf({ ...active(20), status })).toBeUndefined();
  });
});

describe('whether there is room for one more', () => {
  const most = (max_active_certificates: number) => ({ max_active_certificates });

  it('one that is retired gives its place from that very moment on', () => {
    expect(hasRoom(most(1), [active(20, 10)], time(10, 30))).toBe(true);
    expect(hasRoom(most(1), [active(20, 10)], time(9, 30))).toBe(false);
  });

  it('one with a date takes its place then, for whoever is still there', () => {
    expect(hasRoom(most(1), [pending(10, 30)], time(5, 20))).toBe(false);
    expect(hasRoom(most(1), [pending(10, 30)], time(5, 10))).toBe(true);
    expect(hasRoom(most(2), [pending(10, 30)], time(5, 20))).toBe(true);
  });

  it('those that are never there together count once', () => {
    expect(hasRoom(most(2), [active(10), pending(10, 20), pending(20, 30)], time(1, 40))).toBe(true);
    expect(hasRoom(most(2), [active(11), pending(10, 20)], time(1, 40))).toBe(false);
  });

  it('those without a date take nobody’s place', () => {
    expect(hasRoom(most(1), [pending(null, 30)], time(1, 40))).toBe(true);
  });
});
