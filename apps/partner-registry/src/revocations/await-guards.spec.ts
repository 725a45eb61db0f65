import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
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

/** The management listener of a guard, whose gauge a spec turns. */
async function startGuard(value: string): Promise<{ url: string; gauge: { value: string; status: number } }> {
  const gauge = { value, status: 200 };
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
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
    const [first, last] = await Promise.all([startGuard('42'), startGuard('41')]);
    setTimeout(() => (last.gauge.value = '57'), 150);
    const progress = await awaitGuards({ seq: 42, guards: [first.url, last.url], timeoutMs: 5_000 });
    expect(progress).toMatchObject([
      { guard: first.url, reached: true, seq: 42 },
      { guard: last.url, reached: true, seq: 57 },
    ]);
    expect(progress[0]!.milliseconds).toBeLessThan(progress[1]!.milliseconds);
    expect(progress[1]!.milliseconds).toBeGreaterThanOrEqual(140);
    expect(progress[1]!.milliseconds).toBeLessThan(1_000);
  });

  it('names who has not when the time is over: behind, without a feed, away, refusing, or pointing elsewhere', async () => {
    const [behind, none, empty, refusing, elsewhere, gone] = await Promise.all(
      ['41', '', 'NaN', '42', '42', '42'].map(startGuard),
    );
    refusing!.gauge.status = 503;
    elsewhere!.gauge.status = 302;
    await once(servers.pop()!.close(), 'close');
    const guards = [behind, none, empty, refusing, elsewhere, gone].map((guard) => guard!.url);
    const progress = await awaitGuards({ seq: 42, guards, timeoutMs: 300 });
    expect(progress.map(({ reached }) => reached)).toEqual(Array(6).fill(false));
    expect(progress.map(({ seq, fault }) => [seq, fault])).toEqual([
      [41, undefined],
      [undefined, 'has no revocation_feed_seq'],
      [undefined, 'has no feed yet'],
      [undefined, 'answered 503'],
      [undefined, expect.stringContaining('cannot be read')],
      [undefined, 'cannot be read (ECONNREFUSED)'],
    ]);
    for (const { milliseconds } of progress) expect(milliseconds).toBeLessThan(1_500);
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
    const { url, gauge } = await startGuard('7');
    gauge.status = 500;
    setTimeout(() => (gauge.status = 200), 100);
    expect(await awaitGuards({ seq: 7, guards: [url], timeoutMs: 5_000 })).toMatchObject([{ reached: true, seq: 7 }]);
  });
});
