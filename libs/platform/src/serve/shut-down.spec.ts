import { once } from 'node:events';
import { Agent } from 'node:https';
import { get } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { connect } from 'node:tls';
import { Controller, Get, Injectable, Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { describe, expect, it, vi } from 'vitest';
import { OnListener, type ServeOptions } from './index.js';
import { call, served, type ServedApp } from './served-app.fixture.spec.js';

const LONG = { timeout: 240_000 };
/** Must not strike where it is not meant to, and strikes before Node ends an idle connection by itself. */
const FAR_DEADLINE_MS = 50_000;

/** The drain time of this length is over when the spec says so, and not before, however slow the machine is. */
const drain = vi.hoisted(() => ({ ms: 40_000, end: () => undefined as void }));
vi.mock(import('node:timers/promises'), async (original) => {
  const timers = await original();
  const setTimeout = ((ms, ...rest) =>
    ms === drain.ms
      ? new Promise<void>((resolve) => (drain.end = resolve))
      : timers.setTimeout(ms, ...rest)) as typeof timers.setTimeout;
  return { ...timers, setTimeout };
});

const story: string[] = [];
/** lets the answer of `/slow` go */
let answerSlow: (() => void) | undefined;
let neverAnswered = 0;

@Injectable()
class Pool implements BeforeApplicationShutdown {
  beforeApplicationShutdown() {
    story.push('pool closed');
  }
}

@Controller()
@OnListener('tls', 'mtls')
class Slow {
  @Get('slow')
  async slow() {
    await new Promise<void>((resolve) => (answerSlow = resolve));
    story.push('slow answered');
    return { slow: true };
  }

  @Get('never')
  never() {
    neverAnswered += 1;
    return new Promise(() => undefined);
  }

  @Get('fast')
  fast() {
    return { fast: true };
  }
}

@Module({ controllers: [Slow], providers: [Pool] })
class SlowModule {}

const start = (shutdown: ServeOptions['shutdown']) => served(SlowModule, { shutdown });

function readyz(app: ServedApp): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: app.port('management'), path: '/readyz', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    }).on('error', reject);
  });
}

function tlsConnection(app: ServedApp) {
  const socket = connect({ host: '127.0.0.1', servername: 'localhost', port: app.port('mtls'), ca: app.ca });
  socket.on('error', () => undefined);
  return socket;
}

describe('stopping', () => {
  it('finishes a request that was in flight, and only then closes the app', async () => {
    const app = await start({ drainMs: 0, deadlineMs: FAR_DEADLINE_MS });
    const slow = call(app, 'tls', '/slow');
    await vi.waitFor(() => expect(answerSlow).toBeTypeOf('function'), LONG);
    story.length = 0;
    const stopped = app.stop();
    await vi.waitFor(() => expect(call(app, 'tls', '/fast')).rejects.toMatchObject({ code: 'ECONNREFUSED' }), LONG);
    expect(await readyz(app)).toBe(503);
    answerSlow!();
    await stopped;
    expect(await slow).toMatchObject({ status: 200, json: { slow: true }, headers: { connection: 'close' } });
    expect(story).toEqual(['slow answered', 'pool closed']);
    expect(app.lines.map((line) => line.level)).not.toContain('warn');
  });

  it('while draining it is not ready, accepts new connections and ends each with its answer', async () => {
    const app = await start({ drainMs: drain.ms, deadlineMs: FAR_DEADLINE_MS });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await call(app, 'tls', '/fast', { agent })).headers.connection).toBe('keep-alive');
    expect(await readyz(app)).toBe(200);
    const stopped = app.stop();
    expect(await readyz(app)).toBe(503);
    for (const path of ['/fast', '/nowhere', '/%zz']) {
      const answer = await call(app, 'mtls', path);
      expect(answer.headers.connection).toBe('close');
    }
    expect(await call(app, 'tls', '/fast', { agent })).toMatchObject({ status: 200, headers: { connection: 'close' } });
    drain.end();
    await stopped;
    await expect(call(app, 'tls', '/fast')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    agent.destroy();
  });

  it('does not wait for idle connections', async () => {
    const app = await start({ drainMs: 0, deadlineMs: FAR_DEADLINE_MS });
    const agent = new Agent({ keepAlive: true });
    await call(app, 'tls', '/fast', { agent });
    await app.stop();
    expect(app.lines.map(({ msg }) => msg)).not.toContain('connections cut at the shutdown deadline');
    agent.destroy();
  });

  it('cuts at the deadline what is left: no request yet, no handshake yet, no answer yet', async () => {
    const app = await start({ drainMs: 0, deadlineMs: 700 });
    const silent = tlsConnection(app);
    await once(silent, 'secureConnect');
    const unshaken = connectTcp(app.port('tls'), '127.0.0.1');
    await once(unshaken, 'connect');
    const never = call(app, 'tls', '/never').catch((error: NodeJS.ErrnoException) => error.code);
    await vi.waitFor(() => expect(neverAnswered).toBe(1), LONG);
    const gone = Promise.all([once(silent, 'close'), once(unshaken, 'close')]);
    await app.stop();
    await gone;
    expect(await never).toBe('ECONNRESET');
    expect(app.lines).toContainEqual(
      expect.objectContaining({ msg: 'connections cut at the shutdown deadline', connections: 3 }),
    );
  });

  it('happens once, however often it is asked for', async () => {
    const app = await start({ drainMs: 0, deadlineMs: 500 });
    story.length = 0;
    await Promise.all([app.stop(), app.stop()]);
    await app.stop();
    expect(story).toEqual(['pool closed']);
  });
});

describe('signals', () => {
  it('the first stops gracefully, the second ends the process at once', async () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
    const app = await start({ drainMs: drain.ms, deadlineMs: FAR_DEADLINE_MS });
    process.emit('SIGTERM', 'SIGTERM');
    expect(await readyz(app)).toBe(503);
    expect(exit).not.toHaveBeenCalled();
    process.emit('SIGINT', 'SIGINT');
    expect(exit.mock.calls).toEqual([[130]]);
    drain.end();
    await app.stop();
    await vi.waitFor(() => expect(exit.mock.calls).toEqual([[130], [0]]), LONG);
    exit.mockRestore();
  });

  it('leave no handler behind', async () => {
    const before = process.listenerCount('SIGTERM');
    const app = await start({ drainMs: 0, deadlineMs: 500 });
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    await app.stop();
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});
