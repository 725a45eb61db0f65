import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.js';

const pauses = (random: number, count: number) => {
  const backoff = new Backoff(() => random);
  return Array.from({ length: count }, () => backoff.next());
};

describe('Backoff', () => {
  it('grows to 5 s at most and never falls below 100 ms, whatever the dice say', () => {
    expect(pauses(1, 8)).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
    expect(pauses(0, 3)).toEqual([100, 100, 100]);
    expect(pauses(0.5, 2)).toEqual([150, 250]);
    expect(Math.max(...pauses(1, 2_000))).toBe(5_000);
  });

  it('begins anew after a success', () => {
    const backoff = new Backoff(() => 1);
    for (let at = 0; at < 5; at += 1) backoff.next();
    expect(backoff.failures).toBe(5);
    backoff.reset();
    expect([backoff.failures, backoff.next()]).toEqual([0, 200]);
  });

  it('waits as long as the other side asks, up to 5 s', () => {
    expect(new Backoff(() => 0).next(3_000)).toBe(3_000);
    expect(new Backoff(() => 0).next(3_600_000)).toBe(5_000);
    expect(new Backoff(() => 1).next(10)).toBe(200);
  });
});
