import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { Controller, Get, Header, Module, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnListener } from './index.js';
import { served, type ServedApp } from './served-app.fixture.spec.js';

@Controller()
@OnListener('tls', 'mtls', 'http')
class Things {
  @Get('livez')
  @Header('etag', '"2"')
  thing() {
    return { thing: true };
  }

  @Get('untagged')
  untagged() {
    return { thing: true };
  }

  @Post('things')
  take() {
    return { taken: true };
  }
}

@Module({ controllers: [Things] })
class ThingsModule {}

let app: ServedApp;
beforeAll(async () => {
  app = await served(ThingsModule, { plainListeners: [{ name: 'http', host: '127.0.0.1', port: 0 }] });
});
afterAll(() => app?.stop());

interface Answer {
  status: number;
  head: string;
  text: string;
}

async function send(listener: string, text: string): Promise<Answer> {
  const at = { host: '127.0.0.1', port: app.port(listener) };
  const isPlain = listener === 'http' || listener === 'management';
  const socket: Socket = isPlain ? connectTcp(at) : connect({ ...at, servername: 'localhost', ca: app.ca });
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString())).on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]),
    head: head.toLowerCase(),
    text: rest.join('\r\n\r\n'),
  };
}

const LISTENERS = ['tls', 'mtls', 'http', 'management'];
const get = (...fields: string[]) => request('GET', fields);
const post = (...fields: string[]) => request('POST', fields);
const request = (method: string, fields: string[]) =>
  [`${method} /livez HTTP/1.1`, 'Host: a', 'Connection: close', ...fields, '', ''].join('\r\n');
const many = (count: number) => Array.from({ length: count }, (_, index) => `a${index}: b`);

describe.each(LISTENERS)('A32: what HTTP itself refuses is a problem in JSON, on %s', (listener) => {
  it.each([
    ['no Host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'malformed_request'],
    ['no HTTP', 'HELLO\r\n\r\n', 400, 'malformed_request'],
    ['a transfer coding instead of chunked', post('Transfer-Encoding: gzip'), 501, 'unsupported_transfer_coding'],
    ['a body in gzip', `${post('Content-Encoding: gzip', 'Content-Length: 1')}x`, 415, 'unsupported_content_coding'],
    [
      'a body in two codings',
      `${post('Content-Encoding: identity, br', 'Content-Length: 1')}x`,
      415,
      'unsupported_content_coding',
    ],
    ['an expectation that nobody can meet', get('Expect: 200-maybe'), 417, 'expectation_failed'],
    ['headers over 16 KiB', get(`X: ${'x'.repeat(16_500)}`), 431, 'headers_too_large'],
    ['more header fields than are counted', get(...many(1_001)), 431, 'headers_too_large'],
    [
      'a transfer coding besides chunked',
      `${post('Transfer-Encoding: gzip, chunked')}0\r\n\r\n`,
      501,
      'unsupported_transfer_coding',
    ],
    ['a tunnel', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 501, 'method_not_implemented'],
  ])('%s', async (_what, text, status, code) => {
    const answer = await send(listener, text);
    expect(answer).toMatchObject({ status });
    expect(answer.head).toContain('content-type: application/problem+json');
    expect(answer.head).toContain('connection: close');
    expect(JSON.parse(answer.text)).toMatchObject({ status, code, request_id: expect.any(String) as string });
  });

  it.each([
    ['as many header fields as are counted', get(...many(900))],
    ['a body in no coding', get('Content-Encoding: identity')],
    ['a body that waits for a word', get('Expect: 100-continue')],
  ])('%s: 200', async (_what, text) => {
    const { head, status, text: rest } = await send(listener, text);
    expect(status === 100 ? rest : head).toMatch(/^http\/1\.1 200 /i);
  });
});

it('A32: chunk extensions without end are a problem in JSON too', async () => {
  const fields = ['Content-Type: application/json', 'Transfer-Encoding: chunked'];
  const endless = `${post(...fields).replace('/livez', '/things')}1;${'x'.repeat(17_000)}`;
  const answer = await send('tls', endless);
  expect(answer).toMatchObject({ status: 413 });
  expect(JSON.parse(answer.text)).toMatchObject({ code: 'body_too_large' });
});

describe('A32: what is known already is not sent again (RFC 9110 section 13.1.2)', () => {
  it.each([
    ['its tag', '"2"', 304],
    ['its tag as a weak one', 'W/"2"', 304],
    ['its tag among others', '"0", "a,b" ,W/"2"', 304],
    ['any', '*', 304],
    ['another tag', '"1"', 200],
    ['what is no tag', '2', 200],
  ])('%s', async (_what, tag, status) => {
    const answer = await send('tls', get(`If-None-Match: ${tag}`));
    expect(answer).toMatchObject({ status, text: status === 304 ? '' : '{"thing":true}' });
    expect(answer.head).toContain('etag: "2"');
  });

  it('HEAD is told the same; what has no tag, and what no GET is, are answered in full', async () => {
    const known = 'If-None-Match: *';
    expect(await send('tls', request('HEAD', [known]))).toMatchObject({ status: 304 });
    expect(await send('tls', get(known).replace('/livez', '/untagged'))).toMatchObject({ status: 200 });
    expect(await send('tls', post(known).replace('/livez', '/things'))).toMatchObject({ status: 201 });
  });
});
