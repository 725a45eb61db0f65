import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { LoadReport } from '../load/load-report.js';
import type { Attempt } from '../load/retry-policy.js';
import { compose, containersOf, docker, linesOf, tryDocker } from './compose-stack.js';

const MINUTES = 60_000;
const WORKERS = 12;
const LONGEST_SECONDS = 600;
const LOAD = 'partner-ecosystem-spec-load';

/** A client at work while `breakThings` happens, and a little longer. */
async function underLoad(breakThings: () => Promise<void>): Promise<LoadReport> {
  tryDocker(['rm', '--force', LOAD]);
  compose(
    'run',
    '--detach',
    '--no-deps',
    '--name',
    LOAD,
    'demo',
    'load',
    `--seconds=${LONGEST_SECONDS}`,
    `--workers=${WORKERS}`,
  );
  try {
    while (!docker('logs', LOAD).includes('loading')) {
      expect(docker('inspect', '--format', '{{.State.Running}}', LOAD).trim(), tryDocker(['logs', LOAD]).stderr).toBe(
        'true',
      );
      await sleep(200);
    }
    await breakThings();
    expect(docker('inspect', '--format', '{{.State.Running}}', LOAD).trim(), 'the load ended too early').toBe('true');
    await sleep(2_000); // at work a little longer; more does no harm
    docker('kill', '--signal', 'TERM', LOAD);
    expect(docker('wait', LOAD).trim(), tryDocker(['logs', LOAD]).stderr).toBe('0');
    const report = JSON.parse(linesOf(docker('logs', LOAD)).at(-1) ?? '') as LoadReport;
    console.log(
      `${report.requests} requests, ${report.failedAtFirst.length} failed at first, ${report.failedAtLast.length} after retries; slowest ${report.slowestMs} ms`,
    );
    return report;
  } finally {
    tryDocker(['rm', '--force', LOAD]);
  }
}

async function untilHealthy(container: string): Promise<void> {
  const deadline = Date.now() + 5 * MINUTES;
  while (docker('inspect', '--format', '{{.State.Health.Status}}', container).trim() !== 'healthy') {
    if (Date.now() > deadline) throw new Error(`${container} did not become healthy`);
    await sleep(200);
  }
}

/** The balancers have found it again: it answers what the load asks. */
async function untilInUse(container: string, since: string): Promise<void> {
  const served = /"route":"\/(token|v1\/shipments)","status":200/;
  const deadline = Date.now() + 5 * MINUTES;
  while (!served.test(tryDocker(['logs', '--since', since, container]).stdout)) {
    if (Date.now() > deadline) throw new Error(`${container} is not in use`);
    await sleep(200);
  }
}

const inFlightAt =
  (from: number, to: number) =>
  ({ at, until }: Attempt) =>
    at <= to && until >= from;

describe('three replicas of the token service, two of the others', () => {
  beforeEach(() => {
    const scale = ['token-service=3', 'partner-registry=2', 'resource-api=2'].flatMap((one) => ['--scale', one]);
    compose('up', '--detach', '--wait', ...scale);
    expect(containersOf('token-service')).toHaveLength(3);
  }, 4 * MINUTES);

  afterAll(() => void compose('up', '--detach', '--wait'), 3 * MINUTES);

  it(
    'one killed with -9: only requests in flight on it fail, and none with retries',
    { timeout: 4 * MINUTES },
    async () => {
      const killed: { from: number; to: number }[] = [];
      const report = await underLoad(async () => {
        for (const service of ['token-service', 'resource-api']) {
          await sleep(3_000); // what lies between two kills shows that the load goes on; longer does no harm
          const [victim = ''] = containersOf(service);
          const from = Date.now();
          docker('kill', '--signal', 'KILL', victim);
          docker('wait', victim); // the command itself does not wait until the signal has got through
          killed.push({ from, to: Date.now() });
        }
      });
      expect(report.requests).toBeGreaterThan(WORKERS);
      expect(report.failedAtLast).toEqual([]);
      const unexplained = report.failedAtFirst.filter(
        (attempt) => !killed.some(({ from, to }) => inFlightAt(from, to)(attempt)),
      );
      expect(unexplained).toEqual([]);
      // each worker has one request at a time
      expect(report.failedAtFirst.length).toBeLessThanOrEqual(killed.length * WORKERS);
    },
  );

  it('restarted one by one: no request is lost, retries or not', { timeout: 8 * MINUTES }, async () => {
    const replicas = [...containersOf('token-service'), ...containersOf('resource-api')];
    expect(replicas).toHaveLength(5);
    const report = await underLoad(async () => {
      for (const replica of replicas) {
        docker('restart', replica);
        const since = new Date().toISOString();
        await untilHealthy(replica);
        await untilInUse(replica, since);
      }
    });
    expect(report.requests).toBeGreaterThan(WORKERS);
    expect(report.failedAtFirst).toEqual([]);
  });

  it('share the work, without sticking to a caller', () => {
    const served = containersOf('token-service').map(
      (id) => tryDocker(['logs', id]).stdout.match(/"route":"\/token","status":200/g)?.length ?? 0,
    );
    expect(served.filter((count) => count === 0)).toEqual([]);
  });
});
