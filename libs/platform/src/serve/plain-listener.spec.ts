import { once } from 'node:events';
import { Agent, request, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { Controller, Get, Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { OnListener, type ServeOptions } from './index.js';
import { call, served, type ServedApp } from './served-app.fixture.spec.js';

/** lets the answer of `/slow` go */
let answerSlow: (() => void) | undefined;

@Controller()
@OnListener('tls')
class Lists {
  @Get('list')
  @OnListener('tls', 'http')
  list() {
    return { list: true };
  }

  @Get('slow')
  @OnListener('http')
  async slow() {
    await new Promise<void>((resolve) => (answerSlow = resolve));
    return { slow: true };
  }

  @Get('secret')
  secret() {
    return { secret: true };
  }
}

@Module({ controllers: [Lists] })
class ListsModule {}

const start = (options: Partial<ServeOptions> = {}) =>
  served(ListsModule, { plainListeners: [{ name: 'http', host: '127.0.0.1', port: 0 }], ...options });

interface PlainAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

function ask(app: ServedApp, path: string, options: RequestOptions = {}): Promise<PlainAnswer> {
  return new Promise((resolve, reject) => {
    const target = { host: '127.0.0.1', port: app.port('http'), path, agent: false as const, ...options };
    request(target, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    })
      .on('error', reject)
      .end();
  });
}

async function raw(app: ServedApp, text: string): Promise<string> {
  const socket = connect(app.port('http'), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString())).on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

describe('a listener without TLS', () => {
  let app: ServedApp;
  beforeAll(async () => {
    app = await start();
  });
  afterAll(() => app.stop());

  it('serves the routes that name it, and a route may have others as well', async () => {
    expect(await ask(app, '/list')).toMatchObject({ status: 200, text: '{"list":true}' });
    expect((await call(app, 'tls', '/list')).json).toEqual({ list: true });
    expect((await call(app, 'tls', '/slow')).status).toBe(404);
  });

  it('serves no other route: what does not name it is not found, whatever the method', async () => {
    expect((await call(app, 'tls', '/secret')).status).toBe(200);
    expect(await ask(app, '/secret')).toMatchObject({ status: 404 });
    expect(await ask(app, '/secret', { method: 'DELETE' })).toMatchObject({ status: 404 });
    expect(await ask(app, '/list', { method: 'DELETE' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
  });

  it('has the security headers and no HSTS (RFC 6797 section 7.2), which TLS has', async () => {
    const headers = { host: 'lists.example' };
    const plain = await ask(app, '/list', { headers });
    expect(plain.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect(plain.headers['content-security-policy']).toContain("default-src 'none'");
    expect(plain.headers).not.toHaveProperty('strict-transport-security');
    expect((await call(app, 'tls', '/list', { headers })).headers).toHaveProperty('strict-transport-security');
  });

  it('has the limits of the others', async () => {
    const long = `GET /list HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(16_500)}\r\n\r\n`;
    expect(await raw(app, long)).toMatch(/^HTTP\/1.1 431 /);
    expect(await raw(app, 'HELLO\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
    expect(await raw(app, 'GET /list HTTP/1.1\r\nConnection: close\r\n\r\n')).toContain('The Host header is missing');
  });

  it('stands under its name in the access log', () => {
    expect(app.lines).toContainEqual(expect.objectContaining({ msg: 'request', listener: 'http', route: '/list' }));
  });
});

describe('stopping', () => {
  it('finishes what is in flight and ends idle connections', async () => {
    const app = await start({ shutdown: { drainMs: 0, deadlineMs: 60_000 } });
    const agent = new Agent({ keepAlive: true });
    expect((await ask(app, '/list', { agent })).headers.connection).toBe('keep-alive');
    const slow = ask(app, '/slow');
    await vi.waitFor(() => expect(answerSlow).toBeTypeOf('function'), { timeout: 240_000 });
    const stopped = app.stop();
    await vi.waitFor(() => expect(ask(app, '/list')).rejects.toMatchObject({ code: 'ECONNREFUSED' }), {
      timeout: 240_000,
    });
    answerSlow!();
    expect(await slow).toMatchObject({ status: 200, headers: { connection: 'close' } });
    await stopped;
    expect(app.lines.map(({ msg }) => msg)).not.toContain('connections cut at the shutdown deadline');
    agent.destroy();
  });

  it('cuts at the deadline a connection that asks nothing', async () => {
    const app = await start({ shutdown: { drainMs: 0, deadlineMs: 300 } });
    const silent = connect(app.port('http'), '127.0.0.1').on('error', () => undefined);
    await once(silent, 'connect');
    const gone = once(silent, 'close');
    await app.stop();
    await gone;
  });
});

describe('without a port', () => {
  it('is not opened, and its routes answer on their other listeners alone', async () => {
    const app = await start({ plainListeners: [{ name: 'http', host: '127.0.0.1', port: undefined }] });
    expect(app.addresses).not.toHaveProperty('http');
    expect((await call(app, 'tls', '/list')).status).toBe(200);
    expect((await call(app, 'tls', '/slow')).status).toBe(404);
    await app.stop();
  });

  it('a listener nobody knows still stops the boot, and so does a name given twice', async () => {
    await expect(start({ plainListeners: [] })).rejects.toThrow(/names the listener "http", which is not served/);
    const twice = { name: 'tls', host: '127.0.0.1', port: 0 };
    await expect(start({ plainListeners: [twice] })).rejects.toThrow(/names must differ/);
  });
});
