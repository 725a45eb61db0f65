import { describe, expect, it } from 'vitest';
import { Outage } from './outage.js';

const away = new Error('away');

function stage() {
  const clock = { now: 0, monotonic: () => clock.now, wall: () => clock.now };
  const outage = new Outage({ isOutage: (error) => error === away, retryMs: 1_000, clock });
  let attempts = 0;
  const attempt = (result: () => Promise<string>) => outage.attempt(() => (attempts++, result()));
  return { clock, attempt, attempts: () => attempts };
}

const good = async () => 'good';
const failing = () => Promise.reject(away);

describe('while Postgres is away', () => {
  it('nobody tries for a second, then somebody does, and it is over as soon as that succeeds', async () => {
    const { clock, attempt, attempts } = stage();
    await expect(attempt(failing)).rejects.toBe(away);
    clock.now = 999;
    await expect(attempt(good)).rejects.toBe(away);
    expect(attempts()).toBe(1);
    clock.now = 1_000;
    expect([await attempt(good), await attempt(good)]).toEqual(['good', 'good']);
  });

  it('one waits for the next attempt, and all others meanwhile for nothing', async () => {
    const { clock, attempt, attempts } = stage();
    await expect(attempt(failing)).rejects.toBe(away);
    clock.now = 1_000;
    let end!: (text: string) => void;
    const trying = attempt(() => new Promise((resolve) => (end = resolve)));
    await expect(attempt(good)).rejects.toBe(away);
    expect(attempts()).toBe(2);
    end('back');
    expect([await trying, await attempt(good)]).toEqual(['back', 'good']);
  });
});

it('another failure is none of these', async () => {
  const { attempt } = stage();
  await expect(attempt(() => Promise.reject(new TypeError('no such view')))).rejects.toThrow(TypeError);
  expect(await attempt(good)).toBe('good');
});
