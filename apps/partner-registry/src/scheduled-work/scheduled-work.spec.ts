import { once } from 'node:events';
import { createLogger } from '@partner-ecosystem/platform/logging';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forEachDue } from './for-each-due.js';
import { registerTaskAges } from './scheduled-task-metrics.js';
import { ScheduledWork, type ScheduledTask } from './scheduled-work.js';

const lines: Record<string, unknown>[] = [];
const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
const logger = createLogger({ name: 'spec', version: 'spec', level: 'info', destination });
const running: ScheduledWork[] = [];

function begin(task: Partial<ScheduledTask> & Pick<ScheduledTask, 'run'>, enabled = true): ScheduledWork {
  const work = new ScheduledWork({ enabled, logger });
  running.push(work);
  work.add({ name: 'spec', everyMs: 10, ...task });
  work.onApplicationBootstrap();
  return work;
}

// The pauses between rounds pass when the spec says so.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));

afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(running.splice(0).map((work) => work.onModuleDestroy()));
  lines.length = 0;
});

describe('scheduled work', () => {
  it('is done again and again, the next round only when the one before has ended', async () => {
    const ends: (() => void)[] = [];
    begin({ run: () => new Promise<void>((end) => void ends.push(end)) });
    for (let round = 1; round <= 4; round++) {
      await vi.advanceTimersByTimeAsync(100);
      expect(ends).toHaveLength(round); // however long it takes, it is the only one
      ends.at(-1)!();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(ends).toHaveLength(5);
    ends.at(-1)!(); // what stops the work waits for it
  });

  it('that fails is tried again, and is a line when that begins and when it ends, however long it lasts', async () => {
    let rounds = 0;
    begin({
      run: async () => {
        if (++rounds < 5) throw new Error('away');
      },
    });
    await vi.advanceTimersByTimeAsync(80);
    expect(rounds).toBeGreaterThan(7);
    expect(lines.map(({ msg }) => msg)).toEqual(['scheduled work failed', 'scheduled work succeeds again']);
    expect(lines[0]).toMatchObject({ task: 'spec', err: { message: 'away' } });
  });

  it('that fails at once, before there is a promise, stops nobody either', async () => {
    const run = vi.fn(() => {
      throw new Error('at once');
    });
    begin({ run });
    await vi.advanceTimersByTimeAsync(30);
    expect(run.mock.calls.length).toBeGreaterThan(2);
  });

  it('of a process that stops is told so, waited for, and not begun again', async () => {
    let [ended, rounds] = [false, 0];
    const work = begin({
      run: async (_, stopping) => {
        rounds++;
        await once(stopping, 'abort');
        await new Promise((resolve) => setImmediate(resolve));
        ended = true;
      },
    });
    expect(rounds).toBe(1);
    await work.onModuleDestroy();
    expect(ended).toBe(true);
    await vi.advanceTimersByTimeAsync(100);
    expect(rounds).toBe(1);
  });

  it('is none where it is switched off, and the log says that another replica has to do it', async () => {
    const run = vi.fn(() => Promise.resolve());
    const work = begin({ run }, false);
    await vi.advanceTimersByTimeAsync(100);
    expect(run).not.toHaveBeenCalled();
    expect(work.ages()).toEqual(new Map());
    expect(lines.map(({ msg }) => msg)).toEqual(['scheduled work is off: another replica has to do it']);
  });

  it('has an age for each task, that only a round that succeeds makes young again', async () => {
    const registry = new Registry();
    let fails = true;
    const work = begin({ run: () => (fails ? Promise.reject(new Error('away')) : Promise.resolve()) });
    registerTaskAges(registry, work);
    const age = async () => {
      const metrics = await registry.metrics();
      return Number(/^scheduled_task_age_seconds\{task="spec"\} (.+)$/m.exec(metrics)?.[1]);
    };
    await vi.advanceTimersByTimeAsync(60);
    expect(await age()).toBeCloseTo(0.06);
    fails = false;
    await vi.advanceTimersByTimeAsync(15);
    expect(await age()).toBeLessThan(0.015);
  });
});

describe('going through what is due', () => {
  const pages = (all: number[]) => (last?: number) =>
    Promise.resolve(all.filter((one) => one > (last ?? -1)).slice(0, 100));
  const upTo = (most: number) => Array.from({ length: most }, (_, at) => at);
  const { signal } = new AbortController();

  it('everybody has their turn, whoever fails; then it fails', async () => {
    const seen: number[] = [];
    const each = async (one: number) => {
      if (one % 100 === 7) throw new Error(`no ${one}`);
      seen.push(one);
    };
    const round = forEachDue(pages(upTo(250)), each, signal);
    await expect(round).rejects.toMatchObject({
      errors: [{ message: 'no 7' }, { message: 'no 107' }, { message: 'no 207' }],
    });
    expect(seen).toHaveLength(247);
  });

  it('a round has an end, however many there are', async () => {
    let seen = 0;
    await forEachDue(pages(upTo(5_000)), async () => void seen++, signal);
    expect(seen).toBe(1_000);
  });

  it('nobody begins once the process stops', async () => {
    const stop = new AbortController();
    let seen = 0;
    await forEachDue(pages(upTo(50)), async () => void (++seen === 3 && stop.abort()), stop.signal);
    expect(seen).toBe(3);
  });
});
