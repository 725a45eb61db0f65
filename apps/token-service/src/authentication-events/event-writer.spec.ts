import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AuthenticationEvent } from './authentication-event.js';
import { EventQueue } from './event-queue.js';
import { EventWriter } from './event-writer.js';

const event = (request_id: string) => ({ request_id }) as AuthenticationEvent;
const idsOf = (events: readonly AuthenticationEvent[]) => events.map(({ request_id }) => request_id);

const BATCH_MS = 100;
const SOON = { timeout: 240_000, interval: 5 };

function scene({
  bound = 1_000,
  batchBound = 100,
  batchMs = BATCH_MS,
  store,
}: Partial<{ bound: number; batchBound: number; batchMs: number; store: () => Promise<void> }> = {}) {
  const queue = new EventQueue(bound);
  const batches: string[][] = [];
  const failures: unknown[] = [];
  const writer = new EventWriter({
    queue,
    batchBound,
    batchMs,
    retryMs: 10,
    store: async (events) => {
      await store?.();
      batches.push(idsOf(events));
    },
    onStored: () => undefined,
    onFailure: (error) => failures.push(error),
  });
  const record = (...ids: string[]) => {
    for (const id of ids) {
      expect(queue.reserve()).toBe(true);
      queue.push(event(id));
      writer.notice();
    }
  };
  return { queue, writer, batches, failures, record };
}

/** A store whose batches are written when the spec says so. */
function held() {
  const ends: (() => void)[] = [];
  return { ends, store: () => new Promise<void>((resolve) => void ends.push(resolve)) };
}

describe('batches', () => {
  afterEach(() => vi.useRealTimers());
  // The time of a batch alone: attempts after a failure come at their real time.
  const stopClock = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });

  it('what comes within the time of a batch is written together, at its end', async () => {
    stopClock();
    const { batches, record } = scene();
    record('a', 'b');
    await vi.advanceTimersByTimeAsync(BATCH_MS - 1);
    record('c');
    expect(batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(batches).toEqual([['a', 'b', 'c']]);
  });

  it('a full batch is written at once', async () => {
    const { batches, record } = scene({ batchBound: 2 });
    record('a', 'b');
    await Promise.resolve();
    expect(batches).toEqual([['a', 'b']]);
  });

  it('one batch at a time; what comes meanwhile follows', async () => {
    stopClock();
    const { ends, store } = held();
    const { batches, record, queue } = scene({ store });
    record('a');
    await vi.advanceTimersByTimeAsync(BATCH_MS);
    record('b', 'c');
    await vi.advanceTimersByTimeAsync(2 * BATCH_MS);
    expect([batches, queue.length, ends.length]).toEqual([[], 3, 1]);
    ends[0]!();
    await vi.advanceTimersByTimeAsync(BATCH_MS);
    expect(ends).toHaveLength(2);
    ends[1]!();
    await vi.advanceTimersByTimeAsync(0);
    expect([batches, queue.length]).toEqual([[['a'], ['b', 'c']], 0]);
  });

  it('a batch that cannot be written is tried again as it was, and nothing overtakes or is lost', async () => {
    let away = true;
    const store = async () => {
      if (away) throw new Error('away');
    };
    const { batches, failures, record, queue } = scene({ store });
    record('a', 'b');
    await vi.waitFor(() => expect(failures.length).toBeGreaterThan(2), SOON);
    record('c');
    expect([batches, queue.length]).toEqual([[], 3]);
    away = false;
    await vi.waitFor(() => expect([batches, queue.length]).toEqual([[['a', 'b'], ['c']], 0]), SOON);
  });
});

describe('a graceful end', () => {
  it('writes what waits without waiting for the time of a batch', async () => {
    const { batches, record, writer } = scene({ batchMs: 3_600_000 });
    record('a');
    expect(await writer.finish(60_000)).toBe(0);
    expect(batches).toEqual([['a']]);
  });

  it('waits for the batch that is being written, and writes the rest', async () => {
    const { ends, store } = held();
    const { batches, record, writer } = scene({ store });
    record('a');
    await vi.waitFor(() => expect(ends).toHaveLength(1), SOON);
    record('b');
    const finished = writer.finish(60_000);
    ends[0]!();
    await vi.waitFor(() => expect(ends).toHaveLength(2), SOON);
    ends[1]!();
    expect(await finished).toBe(0);
    expect(batches).toEqual([['a'], ['b']]);
  });

  it('says how many could not be written in time', async () => {
    const { record, writer } = scene({ store: () => Promise.reject(new Error('away')) });
    record('a', 'b');
    expect(await writer.finish(200)).toBe(2);
  });

  it('does not wait for a database that is silent', async () => {
    let begun = 0;
    const { record, writer } = scene({ store: () => new Promise(() => void (begun += 1)) });
    record('a');
    await vi.waitFor(() => expect(begun).toBe(1), SOON);
    expect(await writer.finish(200)).toBe(1);
  });
});

describe('a full queue', () => {
  it('keeps no further place, for those in progress neither, until events are stored or places given back', () => {
    const queue = new EventQueue(2);
    expect([queue.reserve(), queue.reserve(), queue.reserve()]).toEqual([true, true, false]);
    queue.release();
    expect(queue.reserve()).toBe(true);
    queue.push(event('a'));
    queue.push(event('b'));
    expect(queue.reserve()).toBe(false);
    expect(idsOf(queue.take(10))).toEqual(['a', 'b']);
    expect(queue.reserve()).toBe(false);
    queue.stored();
    expect(queue.reserve()).toBe(true);
  });

  it('takes the oldest first', () => {
    const queue = new EventQueue(5);
    for (const id of ['a', 'b', 'c']) {
      queue.reserve();
      queue.push(event(id));
    }
    expect(idsOf(queue.take(2))).toEqual(['a', 'b']);
    expect(idsOf(queue.take(2))).toEqual(['a', 'b']);
    queue.stored();
    expect(idsOf(queue.take(2))).toEqual(['c']);
  });
});
