import { describe, expect, it } from 'vitest';
import { RateLimiter } from './rate-limiter.js';

const taken = (limiter: RateLimiter, caller: string, times: number, now: number) =>
  Array.from({ length: times }, () => limiter.take(caller, now)).filter((seconds) => seconds === 0).length;

describe('RateLimiter', () => {
  it('allows the burst at once, then the rate', () => {
    const limiter = new RateLimiter({ perSecond: 10, burst: 20 });
    expect(taken(limiter, 'a', 100, 0)).toBe(20);
    expect(taken(limiter, 'a', 100, 99)).toBe(0);
    expect(taken(limiter, 'a', 100, 100)).toBe(1);
    expect(taken(limiter, 'a', 100, 1_100)).toBe(10);
    expect(taken(limiter, 'a', 100, 60_000)).toBe(20);
  });

  it('over a long time allows exactly the rate, and what was refused cost nothing', () => {
    const limiter = new RateLimiter({ perSecond: 3, burst: 3 });
    let allowed = 0;
    for (let now = 0; now < 100_000; now += 7) allowed += taken(limiter, 'a', 2, now);
    expect(allowed).toBeGreaterThanOrEqual(300);
    expect(allowed).toBeLessThanOrEqual(303);
  });

  it('says after how many whole seconds to ask again, and then lets in', () => {
    const limiter = new RateLimiter({ perSecond: 1, burst: 1 });
    expect(limiter.take('a', 0)).toBe(0);
    expect(limiter.take('a', 100)).toBe(1);
    expect(limiter.take('a', 1_000)).toBe(0);
    const slow = new RateLimiter({ perSecond: 0.1, burst: 1 });
    expect([slow.take('a', 0), slow.take('a', 500), slow.take('a', 10_000)]).toEqual([0, 10, 0]);
  });

  it('one caller takes nothing of another', () => {
    const limiter = new RateLimiter({ perSecond: 1, burst: 2 });
    expect(taken(limiter, 'a', 5, 0)).toBe(2);
    expect(taken(limiter, 'b', 5, 0)).toBe(2);
  });

  it('remembers a bounded number of callers, forgetting full buckets first', () => {
    const limiter = new RateLimiter({ perSecond: 1, burst: 1 }, 3);
    limiter.take('a', 0);
    for (const caller of ['b', 'c', 'd']) limiter.take(caller, 1_000);
    expect(limiter.callers).toBe(3);
    for (const caller of ['b', 'c', 'd']) expect(limiter.take(caller, 1_001)).toBe(1);
    limiter.take('e', 1_002);
    expect(limiter.callers).toBe(3);
  });
});
