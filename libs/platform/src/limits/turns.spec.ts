import { describe, expect, it } from 'vitest';
import { Turns } from './turns.js';

const held = () => {
  let end!: () => void;
  const done = new Promise<void>((resolve) => (end = resolve));
  return { end, done };
};

describe('A36: turns', () => {
  it('one at a time for each key, in the order of arrival, whatever becomes of the one before', async () => {
    const turns = new Turns();
    const first = held();
    const order: string[] = [];
    const work = (name: string, until?: Promise<void>) => async () => {
      order.push(name);
      await until;
      if (name === 'b') throw new Error('b failed');
    };
    const all = [
      turns.run('key', 60_000, work('a', first.done)),
      turns.run('key', 60_000, work('b')),
      turns.run('key', 60_000, work('c')),
      turns.run('other', 60_000, work('elsewhere')),
    ];
    await all[3];
    expect(order).toEqual(['a', 'elsewhere']);
    expect(turns.waiting).toBe(2);
    first.end();
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(order).toEqual(['a', 'elsewhere', 'b', 'c']);
    expect(turns.waiting).toBe(0);
  });

  it('several at once where so many may, and never more', async () => {
    const turns = new Turns(3);
    let [inside, most] = [0, 0];
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => turns.run('', 60_000, work)));
    expect(most).toBe(3);
  });

  it('who waits too long is told so, and keeps nobody behind it from its turn', async () => {
    const turns = new Turns();
    const first = held();
    const running = turns.run('key', 60_000, () => first.done);
    await expect(turns.run('key', 5, () => Promise.reject(new Error('begun')))).rejects.toMatchObject({
      code: 'turn_timeout',
    });
    const next = turns.run('key', 60_000, () => Promise.resolve('next'));
    first.end();
    await running;
    expect(await next).toBe('next');
  });
});
