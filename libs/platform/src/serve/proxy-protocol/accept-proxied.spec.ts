import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { Controller, Get, Module, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { OnListener, remoteAddressOf } from '../index.js';
import { served, withServerFiles, type ServedApp } from '../served-app.fixture.spec.js';
import { proxiedFrom, proxyHeader } from './proxy-header.testing.js';

@Controller()
@OnListener('tls', 'direct')
class WhoAmI {
  @Get('who')
  who(@Req() request: FastifyRequest) {
    return { address: remoteAddressOf(request), certificate: (request.raw.socket as TLSSocket).getProtocol() };
  }
}

@Module({ controllers: [WhoAmI] })
class WhoAmIModule {}

let app: ServedApp;

beforeAll(async () => {
  app = await withServerFiles((files) => {
    const at = { host: '127.0.0.1', port: 0, ...files, requestClientCertificate: false };
    const listeners = [
      { ...at, name: 'tls', proxyProtocolFrom: ['127.0.0.1/32'] },
      // Another balancer's: we are nobody to it.
      { ...at, name: 'direct', proxyProtocolFrom: ['192.0.2.0/24'] },
    ];
    return served(WhoAmIModule, { listeners });
  });
});
afterAll(() => app.stop());

function balancerTo(listener: string): Socket {
  const socket = connectTcp({ host: '127.0.0.1', port: app.port(listener) });
  socket.on('error', () => undefined);
  return socket;
}

/** One request over TLS through a connection that somebody else began. */
async function ask(socket: Socket): Promise<{ address: string; certificate: string }> {
  const tls = connect({ socket, servername: 'localhost', ca: app.ca });
  tls.on('error', () => undefined);
  await once(tls, 'secureConnect');
  return new Promise((resolve, reject) => {
    const sent = httpRequest({
      createConnection: () => tls,
      path: '/who',
      headers: { host: 'localhost', connection: 'close' },
    });
    sent.on('error', reject).on('response', (response) => {
      let text = '';
      response
        .on('data', (chunk: Buffer) => (text += chunk.toString()))
        .on('end', () => {
          resolve(JSON.parse(text) as { address: string; certificate: string });
        });
    });
    sent.end();
  });
}

async function isCut(socket: Socket): Promise<void> {
  socket.resume();
  await new Promise((closed) => socket.once('close', closed));
}

describe('a listener behind a balancer that speaks the PROXY protocol', () => {
  it('sees the address that the balancer names, in the app and in the log', async () => {
    const socket = balancerTo('tls');
    socket.write(proxiedFrom('203.0.113.9'));
    expect(await ask(socket)).toEqual({ address: '203.0.113.9', certificate: 'TLSv1.3' });
    await vi.waitFor(
      () =>
        expect(app.lines).toContainEqual(expect.objectContaining({ msg: 'request', remote_address: '203.0.113.9' })),
      { timeout: 240_000 },
    );
  });

  it('keeps the callers of two connections of one balancer apart', async () => {
    const sockets = ['203.0.113.1', '203.0.113.2'].map((address) => {
      const socket = balancerTo('tls');
      socket.write(proxiedFrom(address));
      return socket;
    });
    const answers = await Promise.all(sockets.map(ask));
    expect(answers.map(({ address }) => address)).toEqual(['203.0.113.1', '203.0.113.2']);
  });

  it('reads a header that arrives byte by byte', async () => {
    const socket = balancerTo('tls');
    socket.setNoDelay(true);
    for (const byte of proxiedFrom('203.0.113.10')) {
      await new Promise((written) => socket.write(Buffer.from([byte]), written));
      await nextTurn(); // in which the server reads it
    }
    expect((await ask(socket)).address).toBe('203.0.113.10');
  });

  it('loses nothing when the ClientHello comes in the same packet', async () => {
    const balancer = createServer((caller) => {
      const socket = balancerTo('tls');
      caller.once('data', (hello: Buffer) => {
        socket.write(Buffer.concat([proxiedFrom('203.0.113.11'), hello]));
        caller.pipe(socket).pipe(caller);
      });
    });
    await once(balancer.listen(0, '127.0.0.1'), 'listening');
    const { port } = balancer.address() as AddressInfo;
    expect((await ask(connectTcp({ host: '127.0.0.1', port }))).address).toBe('203.0.113.11');
    balancer.close();
  });

  it("takes the balancer's own address when it speaks for itself", async () => {
    const socket = balancerTo('tls');
    socket.write(proxyHeader({ command: 0x20, family: 0x00, rest: Buffer.alloc(0) }));
    expect((await ask(socket)).address).toBe('127.0.0.1');
  });

  it('cuts a connection of the balancer without a header: its address would be taken for a caller', async () => {
    const before = app.lines.length;
    const tls = connect({ host: '127.0.0.1', port: app.port('tls'), servername: 'localhost', ca: app.ca });
    tls.on('error', () => undefined);
    await isCut(tls);
    expect(app.lines.slice(before)).toContainEqual(
      expect.objectContaining({ listener: 'tls', code: 'proxy_header_malformed', balancer: '127.0.0.1' }),
    );
  });

  it('cuts a connection that ends within the header, and goes on', async () => {
    const socket = balancerTo('tls');
    socket.end(proxiedFrom('203.0.113.12').subarray(0, 20));
    await isCut(socket);
    const next = balancerTo('tls');
    next.write(proxiedFrom('203.0.113.13'));
    expect((await ask(next)).address).toBe('203.0.113.13');
  });

  it('survives a reset within the header', async () => {
    const socket = balancerTo('tls');
    socket.write(proxiedFrom('203.0.113.14').subarray(0, 20));
    // A connection that came later was served: this one was accepted before, and its octets were read.
    await ask(balancerTo('direct'));
    const later = balancerTo('tls');
    later.write(proxiedFrom('203.0.113.16'));
    await ask(later);
    socket.resetAndDestroy();
    const next = balancerTo('tls');
    next.write(proxiedFrom('203.0.113.15'));
    expect((await ask(next)).address).toBe('203.0.113.15');
  });
});

describe('a listener of which the peer is no balancer', () => {
  it('believes no header: for TLS it is bytes that cannot be read', async () => {
    const socket = balancerTo('direct');
    socket.write(proxiedFrom('203.0.113.9'));
    connect({ socket, servername: 'localhost', ca: app.ca }).on('error', () => undefined);
    await isCut(socket);
  });

  it('serves it as ever, by its own address', async () => {
    expect((await ask(balancerTo('direct'))).address).toBe('127.0.0.1');
  });
});
