import { connect as connectTcp, createServer, type AddressInfo } from 'node:net';
import { connect, createServer as createTlsServer, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import { Controller, Get, Module, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { createAuthority, type Issued } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnListener } from './index.js';
import { call, served, testAuthority, type ServedApp } from './served-app.fixture.spec.js';

@Controller()
@OnListener('tls', 'mtls')
class Peers {
  @Get('peer')
  peer(@Req() request: FastifyRequest) {
    const socket = request.raw.socket as TLSSocket;
    return {
      certificate: socket.getPeerX509Certificate()?.raw.toString('base64') ?? null,
      protocol: socket.getProtocol(),
    };
  }
}

@Module({ controllers: [Peers] })
class PeersModule {}

let app: ServedApp;
let stranger: Issued;
beforeAll(async () => {
  app = await served(PeersModule);
  const elsewhere = await createAuthority({ name: 'Somebody else' });
  stranger = await elsewhere.issueClient({ subject: 'CN=stranger' });
});
afterAll(() => app.stop());

const LISTENERS = ['tls', 'mtls'] as const;

function open(listener: string, options: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const target = { host: '127.0.0.1', servername: 'localhost', port: app.port(listener), ca: app.ca };
    const socket: TLSSocket = connect({ ...target, ...options }, () => resolve(socket));
    socket.once('error', reject);
  });
}

async function handshake(
  listener: string,
  options: ConnectionOptions = {},
): Promise<{ protocol: string; cipher: string }> {
  const socket = await open(listener, options);
  const agreed = { protocol: socket.getProtocol()!, cipher: socket.getCipher().name };
  socket.destroy();
  return agreed;
}

describe.each(LISTENERS)('T1, T2 on listener %s', (listener) => {
  it('refuses TLS 1.1', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    // the alert proves that it was the server who refused
    await expect(handshake(listener, old)).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
  });

  it('prefers TLS 1.3', async () => {
    const agreed = await handshake(listener, { minVersion: 'TLSv1.2' });
    expect(agreed.protocol).toBe('TLSv1.3');
  });

  it.each(['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384'])(
    'offers %s under TLS 1.2',
    async (cipher) => {
      const agreed = await handshake(listener, { maxVersion: 'TLSv1.2', ciphers: cipher });
      expect(agreed).toEqual({ protocol: 'TLSv1.2', cipher });
    },
  );

  it.each([
    'ECDHE-ECDSA-AES128-SHA',
    'ECDHE-ECDSA-AES256-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'AES128-GCM-SHA256',
    'DHE-RSA-AES128-GCM-SHA256',
  ])('refuses %s under TLS 1.2', async (cipher) => {
    await expect(
      handshake(listener, { maxVersion: 'TLSv1.2', ciphers: `${cipher}:@SECLEVEL=0` }),
    ).rejects.toMatchObject({
      code: expect.stringMatching(/HANDSHAKE_FAILURE/) as string,
    });
  });

  it('refuses client renegotiation (T3)', async () => {
    expect(await renegotiation(app.port(listener))).not.toBe('renegotiated');
  });
});

it('a server without these options does renegotiate (the test can fail)', async () => {
  const files = await (await testAuthority()).issueServer({ names: ['localhost'] });
  const server = createTlsServer({ cert: files.chainPem, key: files.privateKeyPem }, (socket) => socket.resume());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  expect(await renegotiation((server.address() as AddressInfo).port)).toBe('renegotiated');
  server.close();
});

async function renegotiation(port: number): Promise<string> {
  const socket = await open('tls', { port, maxVersion: 'TLSv1.2' });
  const outcome = await new Promise<string>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'refused'));
    socket.once('close', () => resolve('closed'));
    socket.resume();
    socket.renegotiate({}, (error) => resolve(error ? 'refused' : 'renegotiated'));
  });
  socket.destroy();
  return outcome;
}

describe('T3: on a listener that asks for a certificate no session resumes', () => {
  const certificates = {
    'without certificate': () => ({}),
    'with certificate': () => ({ cert: stranger.chainPem, key: stranger.privateKeyPem }),
  };
  const versions = ['TLSv1.2', 'TLSv1.3'] as const;

  it.each(versions.flatMap((version) => Object.entries(certificates).map(([what, of]) => ({ version, what, of }))))(
    '$version $what',
    async ({ version, of }) => {
      const common = { minVersion: version, maxVersion: version, ...of() };
      const session = await savedSession('mtls', common);
      expect(await resumed('mtls', { ...common, session })).toBe(false);
    },
  );

  it.each(versions)(
    'the same client does resume %s where no certificate is asked for (the test can fail)',
    async (version) => {
      const common = { minVersion: version, maxVersion: version };
      const session = await savedSession('tls', common);
      expect(await resumed('tls', { ...common, session })).toBe(true);
    },
  );
});

async function savedSession(listener: string, options: ConnectionOptions): Promise<Buffer> {
  const socket = await open(listener, options);
  let session: Buffer | undefined = socket.getSession();
  socket.on('session', (saved: Buffer) => (session = saved));
  // TLS 1.3 sends its tickets after the handshake; an answer comes after them
  socket.write('GET /peer HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  socket.resume();
  await once(socket, 'close');
  expect(session).toBeInstanceOf(Buffer);
  return session!;
}

async function resumed(listener: string, options: ConnectionOptions): Promise<boolean> {
  const socket = await open(listener, options);
  const reused = socket.isSessionReused();
  socket.destroy();
  return reused;
}

describe('a listener that asks for a certificate completes every handshake, and the app judges', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('%s without a certificate', async (version) => {
    const answer = await call(app, 'mtls', '/peer', { minVersion: version, maxVersion: version });
    expect(answer.json).toEqual({ certificate: null, protocol: version });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    '%s with a certificate of an unknown authority, which can be read',
    async (version) => {
      const own = { cert: stranger.chainPem, key: stranger.privateKeyPem, minVersion: version, maxVersion: version };
      const answer = await call(app, 'mtls', '/peer', own);
      expect(answer.json).toEqual({ certificate: stranger.der.toString('base64'), protocol: version });
    },
  );

  it('does not ask on the other listener', async () => {
    const answer = await call(app, 'tls', '/peer', { cert: stranger.chainPem, key: stranger.privateKeyPem });
    expect(answer.json.certificate).toBeNull();
  });

  it('names no acceptable authority', async () => {
    const request = certificateRequestIn(await serverFlight('mtls'));
    expect(request).toBeDefined();
    const typesEnd = 1 + request!.readUInt8(0);
    const algorithmsEnd = typesEnd + 2 + request!.readUInt16BE(typesEnd);
    // RFC 5246 section 7.4.4: certificate_types, signature_algorithms, certificate_authorities
    expect(request!.subarray(algorithmsEnd)).toEqual(Buffer.from([0, 0]));
  });

  it('asks nobody on the other listener', async () => {
    expect(certificateRequestIn(await serverFlight('tls'))).toBeUndefined();
  });
});

// What the server sends in a TLS 1.2 handshake is readable up to the change of cipher: seen by a relay.
async function serverFlight(listener: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const relay = createServer((client) => {
    const upstream = connectTcp(app.port(listener), '127.0.0.1');
    upstream.on('data', (chunk: Buffer) => chunks.push(chunk));
    client.pipe(upstream).pipe(client);
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const { port } = relay.address() as AddressInfo;
  await handshake(listener, { port, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
  relay.close();
  return Buffer.concat(chunks);
}

function certificateRequestIn(flight: Buffer): Buffer | undefined {
  const HANDSHAKE = 22;
  const CERTIFICATE_REQUEST = 13;
  const records: Buffer[] = [];
  for (let at = 0; at < flight.length && flight[at] === HANDSHAKE; at += 5 + flight.readUInt16BE(at + 3)) {
    records.push(flight.subarray(at + 5, at + 5 + flight.readUInt16BE(at + 3)));
  }
  const messages = Buffer.concat(records);
  for (let at = 0; at + 4 <= messages.length; at += 4 + messages.readUIntBE(at + 1, 3)) {
    if (messages[at] === CERTIFICATE_REQUEST) return messages.subarray(at + 4, at + 4 + messages.readUIntBE(at + 1, 3));
  }
  return undefined;
}
