import { once } from 'node:events';
import { connect } from 'node:tls';
import {
  Body,
  Controller,
  Injectable,
  Module,
  Post,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { OnListener } from './index.js';
import { served, type ServedApp } from './served-app.fixture.spec.js';

const judged: [controller: string, handler: string][] = [];

@Injectable()
class Password implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    judged.push([context.getClass().name, context.getHandler().name]);
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (headers.authorization === 'revoked while the body came' && judged.length > 1) throw new UnauthorizedException();
    if (headers.authorization === undefined) throw new UnauthorizedException();
    return headers.authorization !== 'no';
  }
}

@Controller()
@OnListener('tls')
class Things {
  @Post('things')
  take(@Body() body: object) {
    return { taken: body };
  }
}

@Module({ controllers: [Things], providers: [Password, { provide: APP_GUARD, useExisting: Password }] })
class ThingsModule {}

let app: ServedApp;
beforeAll(async () => {
  app = await served(ThingsModule, { guard: (nest) => nest.get(Password) });
});
afterAll(() => app?.stop());

async function open() {
  judged.length = 0;
  const socket = connect({ host: '127.0.0.1', servername: 'localhost', port: app.port('tls'), ca: app.ca });
  await once(socket, 'secureConnect');
  const seen = { text: '', ended: false };
  socket.on('data', (chunk: Buffer) => (seen.text += chunk.toString())).on('error', () => undefined);
  socket.on('close', () => (seen.ended = true));
  const until = (text: RegExp) => vi.waitFor(() => expect(seen.text).toMatch(text), { timeout: 240_000 });
  return { socket, seen, until };
}

const head = (...fields: string[]) =>
  ['POST /things HTTP/1.1', 'Host: a', 'Content-Type: application/json', ...fields, '', ''].join('\r\n');

describe('T9: a request with a body is judged before the body is read', () => {
  it.each([
    ['with a length', 'Content-Length: 60000'],
    ['in chunks', 'Transfer-Encoding: chunked'],
  ])('%s: refused although nothing of it came', async (_what, framing) => {
    const { socket, until } = await open();
    socket.write(head(framing));
    await until(/^HTTP\/1\.1 401 [^]*"code":"unauthorized"/);
    expect(judged).toEqual([['Things', 'take']]);
    socket.destroy();
  });

  it('a guard that says no without a word: 403', async () => {
    const { socket, until } = await open();
    socket.write(head('Authorization: no', 'Content-Length: 2'));
    await until(/^HTTP\/1\.1 403 /);
    socket.destroy();
  });

  it('let in, it is read, and judged again when it is there: a token may be revoked meanwhile', async () => {
    const { socket, until } = await open();
    socket.write(`${head('Authorization: yes', 'Content-Length: 2')}{}`);
    await until(/^HTTP\/1\.1 201 [^]*"taken":\{\}/);
    expect(judged).toHaveLength(2);
    const revoked = await open();
    revoked.socket.write(head('Authorization: revoked while the body came', 'Content-Length: 2'));
    await vi.waitFor(() => expect(judged).toHaveLength(1), { timeout: 240_000 });
    revoked.socket.write('{}');
    await revoked.until(/^HTTP\/1\.1 401 /);
    for (const one of [socket, revoked.socket]) one.destroy();
  });

  it('who waits for 100 Continue gets it when let in; refused, the answer ends the connection', async () => {
    const admitted = await open();
    admitted.socket.write(head('Authorization: yes', 'Content-Length: 2', 'Expect: 100-continue'));
    await admitted.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    admitted.socket.write('{}');
    await admitted.until(/HTTP\/1\.1 201 [^]*"taken":\{\}/);
    expect(admitted.seen.text.toLowerCase()).toContain('connection: keep-alive');
    const refused = await open();
    refused.socket.write(head('Content-Length: 2', 'Expect: 100-continue'));
    await vi.waitFor(() => expect(refused.seen.ended).toBe(true), { timeout: 240_000 });
    expect(refused.seen.text).toMatch(/^HTTP\/1\.1 401 /);
    admitted.socket.destroy();
  });

  it('without a body it is judged once', async () => {
    const { socket, until } = await open();
    socket.write('POST /things HTTP/1.1\r\nHost: a\r\nAuthorization: yes\r\nContent-Length: 0\r\n\r\n');
    await until(/^HTTP\/1\.1 \d{3} /);
    expect(judged).toHaveLength(1);
    socket.destroy();
  });
});
