import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Controller, Get, Module, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { OnListener } from './index.js';
import { call, served, withServerFiles, type ServedApp } from './served-app.fixture.spec.js';

const LONG = { timeout: 240_000, interval: 50 };
const TIMES = 5;

@Controller()
@OnListener('tls', 'mtls', 'http', 'proxied')
class Things {
  @Get('thing')
  thing() {
    return { thing: true };
  }

  // More than the buffers of two sockets hold.
  @Get('large')
  large(@Res() reply: FastifyReply) {
    void reply.send(Buffer.alloc(32 * 1024 * 1024));
  }

  @Post('thing')
  take() {
    return { taken: true };
  }
}

@Module({ controllers: [Things] })
class ThingsModule {}

let app: ServedApp;
let before: number;
beforeAll(async () => {
  const at = { host: '127.0.0.1', port: 0 };
  app = await withServerFiles((files) => {
    const tls = { ...at, ...files, requestClientCertificate: false };
    const listeners = [
      { ...tls, name: 'tls' },
      { ...tls, name: 'mtls', requestClientCertificate: true },
      { ...tls, name: 'proxied', proxyProtocolFrom: ['127.0.0.1/32'] },
    ];
    return served(ThingsModule, { listeners, plainListeners: [{ name: 'http', ...at }] });
  });
  before = held();
});
afterAll(() => app?.stop());

const open = new Set<Socket>();

function tcp(listener: string): Promise<Socket> {
  return ready(connectTcp(app.port(listener), '127.0.0.1'), 'connect');
}

function tls(listener: string): Promise<Socket> {
  return ready(
    connectTls({ host: '127.0.0.1', servername: 'localhost', port: app.port(listener), ca: app.ca }),
    'secureConnect',
  );
}

async function ready(socket: Socket, event: string): Promise<Socket> {
  open.add(socket.on('error', () => undefined).on('close', () => open.delete(socket)));
  await once(socket, event);
  return socket;
}

const http = (listener: string) => (listener === 'http' || listener === 'management' ? tcp(listener) : tls(listener));

/** What this process holds for connections, its own ends of them included. */
function held(): number {
  return process.getActiveResourcesInfo().filter((resource) => /^(?:TCPSocketWrap|TLSWrap)$/.test(resource)).length;
}

const PATH = { management: '/livez' } as Record<string, string>;
const pathOn = (listener: string) => PATH[listener] ?? '/thing';
const get = (listener: string) => `GET ${pathOn(listener)} HTTP/1.1\r\nHost: a\r\n\r\n`;
const post = (rest: string) => (listener: string) => `POST ${pathOn(listener)} HTTP/1.1\r\nHost: a\r\n${rest}`;

/** How many connections of this listener were cut before their answer was read. */
function cut(listener: string): number {
  return app.lines.filter((line) => line.route === '/large' && line.listener === listener).length;
}

/** Writes, and leaves the other end to notice: the connection must be closed by the server. */
async function left(socket: Socket, text?: string): Promise<void> {
  if (text !== undefined) socket.write(text);
  socket.resume();
  if (!socket.closed) await once(socket, 'close');
}

type End = [what: string, listeners: readonly string[], end: (listener: string) => Promise<unknown>];

const ALL = ['tls', 'mtls', 'http', 'management'];
const SECURED = ['tls', 'mtls'];

const ENDS: readonly End[] = [
  ['a handshake that never begins', [...SECURED, 'proxied'], async (listener) => left(await tcp(listener))],
  ['half a handshake', SECURED, async (listener) => left(await tcp(listener), '\x16\x03\x01\x02\x00\x01\x00')],
  ['what is no handshake', SECURED, async (listener) => left(await tcp(listener), get(listener))],
  ['a reset', [...ALL, 'proxied'], async (listener) => (await tcp(listener)).resetAndDestroy()],
  ['an end at once', [...ALL, 'proxied'], async (listener) => (await tcp(listener)).end()],
  ['a PROXY header that is none', ['proxied'], async (listener) => left(await tcp(listener), get(listener))],
  [
    'a PROXY header and no handshake',
    ['proxied'],
    async (listener) => {
      const socket = await tcp(listener);
      socket.write(Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex'));
      await left(socket);
    },
  ],
  ['a request that never begins', ALL, async (listener) => left(await http(listener))],
  ['half a request', ALL, async (listener) => left(await http(listener), 'GET / HTTP/1.1\r\nHost: a\r\n')],
  ['a half-close in a request', ALL, async (listener) => left((await http(listener)).end('GET / HTTP/1.1\r\n'))],
  ['a half-close while an answer is due', ALL, async (listener) => left((await http(listener)).end(get(listener)))],
  [
    'a body that stops',
    ALL,
    async (listener) => left(await http(listener), post('Content-Length: 9\r\n\r\n{')(listener)),
  ],
  [
    'a reset in a body',
    ALL,
    async (listener) => {
      const socket = await http(listener);
      socket.write(post('Content-Length: 9\r\n\r\n{')(listener), () => socket.destroy());
    },
  ],
  ['nothing more after an answer', ALL, async (listener) => left(await http(listener), get(listener))],
  ['what is no HTTP', ALL, async (listener) => left(await http(listener), 'HELLO\r\n\r\n')],
  ['CONNECT', ALL, async (listener) => left(await http(listener), 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n')],
  [
    'an answer that nobody reads',
    ALL.filter((listener) => listener !== 'management'),
    async (listener) => {
      const socket = await http(listener);
      socket.pause();
      socket.write('GET /large HTTP/1.1\r\nHost: a\r\n\r\n');
      await vi.waitFor(() => expect(cut(listener)).toBe(TIMES), { timeout: 240_000, interval: 100 });
      socket.destroy();
    },
  ],
];

describe('T8: however a connection ends outside a request, nothing of it is left', () => {
  it.concurrent.each(
    ENDS.flatMap(([what, listeners, end]) => listeners.map((listener) => [what, listener, end] as const)),
  )(
    '%s, on %s',
    async (_what, listener, end) => {
      await Promise.all(Array.from({ length: TIMES }, () => end(listener)));
    },
    120_000,
  );

  it('nothing at all: no descriptor, and everybody is served', async () => {
    await vi.waitFor(() => expect(held()).toBeLessThanOrEqual(before), LONG);
    for (const listener of SECURED) expect((await call(app, listener, '/thing')).status).toBe(200);
  });
});
