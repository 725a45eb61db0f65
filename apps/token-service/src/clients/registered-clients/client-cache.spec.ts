import { describe, expect, it } from 'vitest';
import { RegisteredClient } from '../../records/registered-client.entity.js';
import { ClientCache } from './client-cache.js';
import { momentOf } from '../../database/clock.js';

const MAX_AGE_MS = 30_000;

/** The cache with a clock that stands, and loads that end when the spec says so. */
function scene({ bound = 100 } = {}) {
  const time = { monotonic: 1_000, wall: 1_000_000 };
  const clock = { monotonic: () => time.monotonic, wall: () => time.wall };
  const loads: { id: string; end: (client?: RegisteredClient) => void; fail: (error: Error) => void }[] = [];
  const load = (id: string) =>
    new Promise<RegisteredClient | undefined>((end, fail) => void loads.push({ id, end, fail }));
  const cache = new ClientCache({ bound, maxAgeMs: MAX_AGE_MS, clock, load });
  cache.confirm(momentOf(clock));
  const pass = (ms: number) => {
    time.monotonic += ms;
    time.wall += ms;
  };
  const keep = async (id: string, client?: RegisteredClient) => {
    const found = cache.find(id);
    loads.at(-1)!.end(client);
    return found;
  };
  return { cache, clock, time, loads, pass, keep };
}

const client = (id: string) => Object.assign(new RegisteredClient(), { clientId: id });

describe('what is kept', () => {
  it('a client is loaded once, and is the same object until it changes', async () => {
    const { cache, loads, keep } = scene();
    const a = client('a');
    await keep('a', a);
    expect(await cache.find('a')).toBe(a);
    expect(loads).toHaveLength(1);
  });

  it('an unknown id is asked for once, until something is registered under it', async () => {
    const { cache, loads, keep } = scene();
    await keep('a');
    expect(await cache.find('a')).toBeUndefined();
    expect(loads).toHaveLength(1);
    cache.invalidate('a');
    const a = client('a');
    await keep('a', a);
    expect(await cache.find('a')).toBe(a);
    expect(loads).toHaveLength(2);
  });

  it('single flight: many who ask at once make one load', async () => {
    const { cache, loads } = scene();
    const asked = Promise.all([cache.find('a'), cache.find('a'), cache.find('a')]);
    expect(loads).toHaveLength(1);
    const a = client('a');
    loads[0]!.end(a);
    expect(await asked).toEqual([a, a, a]);
  });

  it('a failed load is everybody’s failure and nobody’s memory', async () => {
    const { cache, loads, keep } = scene();
    const asked = Promise.allSettled([cache.find('a'), cache.find('a')]);
    loads[0]!.fail(new Error('away'));
    expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await keep('a', client('a'))).toBeDefined();
  });

  it('clients and unknown ids are bounded apart: made-up ids push no client out', async () => {
    const { cache, loads, keep } = scene({ bound: 2 });
    await keep('a', client('a'));
    for (const id of ['x1', 'x2', 'x3', 'x4']) await keep(id);
    expect(cache.size).toEqual({ known: 1, unknown: 2 });
    const before = loads.length;
    await cache.find('a');
    expect(loads).toHaveLength(before);
    for (const id of ['b', 'c', 'd']) await keep(id, client(id));
    expect(cache.size.known).toBe(2);
  });
});

describe('a change', () => {
  it('is read anew', async () => {
    const { cache, keep } = scene();
    await keep('a', client('a'));
    cache.invalidate('a');
    const changed = client('a');
    await keep('a', changed);
    expect(await cache.find('a')).toBe(changed);
  });

  it.each(['invalidate', 'clear'] as const)(
    '%s while a load is on its way: what it brings may be old, and is not kept',
    async (how) => {
      const { cache, loads, keep } = scene();
      const early = cache.find('a');
      cache[how]('a');
      const late = cache.find('a');
      expect(loads).toHaveLength(2);
      loads[0]!.end(client('a'));
      await early;
      const current = client('a');
      loads[1]!.end(current);
      expect(await late).toBe(current);
      expect(await cache.find('a')).toBe(current);
      cache.invalidate('a');
      await keep('a', client('a'));
    },
  );
});

describe('when nobody confirms any more', () => {
  it('clients are served up to the bound, and not a millisecond longer: then only what can be loaded counts', async () => {
    const { cache, loads, pass, keep } = scene();
    await keep('a', client('a'));
    await keep('x');
    pass(MAX_AGE_MS);
    expect(await cache.find('a')).toBeDefined();
    expect(await cache.find('x')).toBeUndefined();
    expect(loads).toHaveLength(2);
    pass(1);
    const asked = cache.find('a');
    expect(loads).toHaveLength(3);
    loads[2]!.fail(new Error('away'));
    await expect(asked).rejects.toThrow('away');
  });

  it('the age counts from when a look began', async () => {
    const { cache, clock, pass } = scene();
    const began = momentOf(clock);
    pass(MAX_AGE_MS + 1);
    cache.confirm(began);
    expect(cache.isBelieved).toBe(false);
    cache.confirm(momentOf(clock));
    expect(cache.isBelieved).toBe(true);
  });

  it('a machine that slept, and a clock that was set back, make nothing younger', () => {
    const { cache, time } = scene();
    time.wall += MAX_AGE_MS + 1;
    expect(cache.isBelieved).toBe(false);
    time.wall -= 2 * MAX_AGE_MS;
    expect(cache.isBelieved).toBe(true);
    time.monotonic += MAX_AGE_MS + 1;
    expect(cache.isBelieved).toBe(false);
  });

  it('nothing is believed before the first confirmation', async () => {
    const { clock } = scene();
    const load = async () => client('a');
    const cache = new ClientCache({ bound: 1, maxAgeMs: MAX_AGE_MS, clock, load });
    expect(cache.isBelieved).toBe(false);
    expect(await cache.find('a')).toBeDefined();
  });
});
