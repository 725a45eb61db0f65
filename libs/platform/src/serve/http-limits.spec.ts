import { once } from 'node:events';
import { connect } from 'node:tls';
import { Controller, Get, Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnListener } from './index.js';
import { call, served, type ServedApp } from './served-app.fixture.spec.js';

@Controller()
@OnListener('tls')
class Ping {
  @Get('ping')
  ping() {
    return { pong: true };
  }
}

@Module({ controllers: [Ping] })
class PingModule {}

let app: ServedApp;
beforeAll(async () => {
  app = await served(PingModule);
});
afterAll(() => app.stop());

async function raw(text: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', servername: 'localhost', port: app.port('tls'), ca: app.ca });
  await once(socket, 'secureConnect');
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

describe('A32: what the HTTP parser cannot accept is answered as a problem and the connection closed', () => {
  it.each([
    ['no Host header', 'GET /ping HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'malformed_request'],
    ['something that is not HTTP', 'HELLO\r\n\r\n', 400, 'malformed_request'],
    // The parser of Node 20.19.0 takes these three.
    ['a header without a name', 'GET /ping HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n', 400, 'malformed_request'],
    ['a blank in the name of a header', 'GET /ping HTTP/1.1\r\nHost: a\r\nx y: z\r\n\r\n', 400, 'malformed_request'],
    ['a blank behind it', 'GET /ping HTTP/1.1\r\nHost: a\r\nAuthorization : x\r\n\r\n', 400, 'malformed_request'],
    [
      'two body lengths',
      'POST /ping HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'malformed_request',
    ],
    [
      'headers over 16 KiB',
      `GET /ping HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(16_500)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
  ])('%s', async (_what, text, status, code) => {
    const answer = await raw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toLowerCase()).toContain('connection: close');
    const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as Record<string, string>;
    expect(body).toMatchObject({ status, code, request_id: expect.stringMatching(/^req_[0-9a-f]{32}$/) as string });
    expect(app.lines.some((line) => line.request_id === body.request_id && line.listener === 'tls')).toBe(true);
  });

  it('headers just under 16 KiB are accepted', async () => {
    const answer = await call(app, 'tls', '/ping', { headers: { 'x-long': 'x'.repeat(16_000) } });
    expect(answer.status).toBe(200);
  });

  it('the service goes on', async () => {
    await raw('\x16\x03\x01');
    expect((await call(app, 'tls', '/ping')).status).toBe(200);
  });
});

it('headers that do not arrive within 10 seconds are answered 408', async () => {
  // The limit is the product's own, and Node keeps it: ten real seconds, or more on a slow machine.
  const started = performance.now();
  const answer = await raw('GET /ping HTTP/1.1\r\nHost: a\r\n');
  expect(answer).toMatch(/^HTTP\/1.1 408 /);
  expect(answer).toContain('request_timeout');
  expect(performance.now() - started).toBeGreaterThan(9_000);
});
