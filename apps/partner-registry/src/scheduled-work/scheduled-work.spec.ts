import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@partner-ecosystem/platform/logging';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it, vi } from 'vitest';
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

afterEach(async () => {
  await Promise.all(running.splice(0).map((work) => work.onModuleDestroy()));
  lines.length = 0;
});

describe('scheduled work', () => {
  it('is done again and again, the next round only when the one before has ended', async () => {
    let [atOnce, most, rounds] = [0, 0, 0];
    begin({
      run: async () => {
        most = Math.max(most, ++atOnce);
        await sleep(15);
        atOnce--;
        rounds++;
      },
    });
    await vi.waitFor(() => expect(rounds).toBeGreaterThan(3));
    expect(most).toBe(1);
  });

  it('that fails is tried again, and is a line when that begins and when it ends, however long it lasts', async () => {
    let rounds = 0;
    begin({
      run: async () => {
        if (++rounds < 5) throw new Error('away');
      },
    });
    await vi.waitFor(() => expect(rounds).toBeGreaterThan(7));
    expect(lines.map(({ msg }) => msg)).toEqual(['scheduled work failed', 'scheduled work succeeds again']);
    expect(lines[0]).toMatchObject({ task: 'spec', err: { message: 'away' } });
  });

  it('that fails at once, before there is a promise, stops nobody either', async () => {
    const run = vi.fn(() => {
      throw new Error('at once');
    });
    begin({ run });
    await vi.waitFor(() => expect(run.mock.calls.length).toBeGreaterThan(2));
  });

  it('of a process that stops is told so, waited for, and not begun again', async () => {
    let [ended, rounds] = [false, 0];
    const work = begin({
      run: async (_, stopping) => {
        rounds++;
        while (!stopping.aborted) await sleep(5);
        await sleep(30);
        ended = true;
      },
    });
    await vi.waitFor(() => expect(rounds).toBe(1));
    await work.onModuleDestroy();
    expect(ended).toBe(true);
    await sleep(50);
    expect(rounds).toBe(1);
  });

  it('is none where it is switched off, and the log says that another replica has to do it', async () => {
    const run = vi.fn(() => Promise.resolve());
    const work = begin({ run }, false);
    await sleep(50);
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
    await sleep(60);
    expect(await age()).toBeGreaterThan(0.05);
    fails = false;
    await vi.waitFor(async () => expect(await age()).toBeLessThan(0.04));
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
