import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { awaitGuards } from './await-guards.js';

const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections();
      return once(server.close(), 'close');
    }),
  );
});

interface Gauge {
  value: string;
  status: number;
  /** how often it was looked at */
  looks: number;
}

/** The management listener of a guard, whose gauge a spec turns, at a look for instance. */
async function startGuard(
  value: string,
  turn: (gauge: Gauge) => void = () => undefined,
): Promise<{ url: string; gauge: Gauge }> {
  const gauge = { value, status: 200, looks: 0 };
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    gauge.looks += 1;
    turn(gauge);
    const others = ['# HELP revocation_feed_seq x', 'revocation_feed_age_seconds{service="a"} 99', ''].join('\n');
    const line = gauge.value === '' ? '' : `revocation_feed_seq{service="a",version="1 {2}"} ${gauge.value}\n`;
    response.writeHead(gauge.status, gauge.status === 302 ? { location: '/metrics' } : {}).end(others + line);
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, gauge };
}

describe('awaiting guards', () => {
  it('ends when the last of them has reached the number, and says after how long each has', async () => {
    const atTheFifthLook = (gauge: Gauge) => void (gauge.looks === 5 && (gauge.value = '57'));
    const [first, last] = await Promise.all([startGuard('42'), startGuard('41', atTheFifthLook)]);
    const progress = await awaitGuards({ seq: 42, guards: [first.url, last.url], timeoutMs: 60_000 });
    expect(progress).toMatchObject([
      { guard: first.url, reached: true, seq: 42 },
      { guard: last.url, reached: true, seq: 57 },
    ]);
    expect(last.gauge.looks).toBeGreaterThanOrEqual(5);
    expect(first.gauge.looks).toBeLessThan(last.gauge.looks);
    expect(progress[1]!.milliseconds).toBeGreaterThanOrEqual(4 * 15); // the pauses between five looks
  });

  it('names who has not when the time is over: behind, without a feed, away, refusing, or pointing elsewhere', async () => {
    const [behind, none, empty, refusing, elsewhere, gone] = await Promise.all(
      ['41', '', 'NaN', '42', '42', '42'].map((value) => startGuard(value)),
    );
    refusing!.gauge.status = 503;
    elsewhere!.gauge.status = 302;
    await once(servers.pop()!.close(), 'close');
    const guards = [behind, none, empty, refusing, elsewhere, gone].map((guard) => guard!.url);
    // A busy machine may be late at any single look, and the last one counts.
    await vi.waitFor(
      async () => {
        const progress = await awaitGuards({ seq: 42, guards, timeoutMs: 1_000 });
        expect(progress.map(({ reached, seq, fault }) => [reached, seq, fault])).toEqual([
          [false, 41, undefined],
          [false, undefined, 'has no revocation_feed_seq'],
          [false, undefined, 'has no feed yet'],
          [false, undefined, 'answered 503'],
          [false, undefined, expect.stringContaining('cannot be read')],
          [false, undefined, 'cannot be read (ECONNREFUSED)'],
        ]);
      },
      { timeout: 240_000 },
    );
  });

  it('is not held up by one that takes the connection and says nothing', async () => {
    const silent = createServer(() => undefined);
    servers.push(silent);
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const guards = [`http://127.0.0.1:${(silent.address() as AddressInfo).port}`];
    const [progress] = await awaitGuards({ seq: 1, guards, timeoutMs: 200 });
    expect(progress).toMatchObject({ reached: false, fault: 'gave no answer in time' });
  });

  it('goes on looking at one that comes back', async () => {
    const { url } = await startGuard('7', (gauge) => void (gauge.status = gauge.looks < 3 ? 500 : 200));
    expect(await awaitGuards({ seq: 7, guards: [url], timeoutMs: 60_000 })).toMatchObject([{ reached: true, seq: 7 }]);
  });
});
