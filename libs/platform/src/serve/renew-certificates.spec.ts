import { X509Certificate } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import { Controller, Get, Module, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Issued } from '@partner-ecosystem/test-pki';
import { Gauge } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { OnListener } from './index.js';
import { call, served, testAuthority, type ServedApp } from './served-app.fixture.spec.js';

const CHECK_MS = 5_000;

/** Each listener looks at its files, as it does after every interval: the intervals pass when the spec says so. */
const look = (times = 1) => vi.advanceTimersByTime(times * CHECK_MS);

@Controller()
@OnListener('tls', 'mtls')
class Peers {
  @Get('peer')
  peer(@Req() request: FastifyRequest) {
    return { certificate: (request.raw.socket as TLSSocket).getPeerX509Certificate()?.raw.toString('base64') ?? null };
  }
}

@Module({ controllers: [Peers] })
class PeersModule {}

let folder: string;
let first: Issued;
let app: ServedApp;

const issued = async () => (await testAuthority()).issueServer({ names: ['localhost', '127.0.0.1'] });
const certFile = () => join(folder, 'server.crt');
const keyFile = () => join(folder, 'server.key');

/** As a careful renewal does it: written beside, then renamed into place. */
async function put(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
async function install({ chainPem, privateKeyPem }: Issued): Promise<void> {
  await put(certFile(), chainPem);
  await put(keyFile(), privateKeyPem);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'platform-renew-'));
  first = await issued();
  await install(first);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const at = { host: '127.0.0.1', port: 0, certFile: certFile(), keyFile: keyFile() };
  app = await served(PeersModule, {
    certificateCheckMs: CHECK_MS,
    listeners: [
      { ...at, name: 'tls', requestClientCertificate: false },
      { ...at, name: 'mtls', requestClientCertificate: true },
    ],
    metrics: (registry, running) => {
      new Gauge({ name: 'spec_own_metric', help: 'of the app', registers: [registry] }).set(running ? 42 : 0);
    },
  });
});
afterAll(async () => {
  vi.useRealTimers();
  await app?.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await install(first);
  look();
  for (const listener of ['tls', 'mtls']) expect(await shown(listener)).toBe(first.thumbprint);
  app.lines.length = 0;
});

function open(listener: string, options: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const target = { host: '127.0.0.1', servername: 'localhost', port: app.port(listener), ca: app.ca };
    const socket: TLSSocket = connect({ ...target, ...options }, () => resolve(socket));
    socket.once('error', reject);
  });
}

async function shown(listener: string): Promise<string> {
  const socket = await open(listener);
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
}

const errors = () => app.lines.filter(({ level }) => level === 'error');

describe('a server certificate whose files change', () => {
  it.each(['tls', 'mtls'])('is in use on listener %s for new connections', async (listener) => {
    const next = await issued();
    await install(next);
    look();
    expect(await shown(listener)).toBe(next.thumbprint);
    expect(errors()).toEqual([]);
    expect(app.lines).toContainEqual(expect.objectContaining({ msg: 'server certificate renewed', listener }));
  });

  it('leaves open connections as they are', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await call(app, 'tls', '/peer', { agent })).status).toBe(200);
    const [socket] = Object.values(agent.freeSockets).flat();
    const next = await issued();
    await install(next);
    look();
    expect(await shown('tls')).toBe(next.thumbprint);
    expect((await call(app, 'tls', '/peer', { agent })).status).toBe(200);
    expect(Object.values(agent.freeSockets).flat()).toEqual([socket]);
    agent.destroy();
  });

  it('T1, T2, T3: keeps what the listener was told: client certificates, no resumption, no old TLS', async () => {
    const next = await issued();
    await install(next);
    look();
    expect(await shown('mtls')).toBe(next.thumbprint);
    const client = await (await testAuthority()).issueClient({ subject: 'CN=client' });
    const own = { cert: client.chainPem, key: client.privateKeyPem };
    expect((await call(app, 'mtls', '/peer', own)).json.certificate).toBe(client.der.toString('base64'));
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const options = { ...own, minVersion: version, maxVersion: version };
      expect(await resumes(options)).toBe(false);
    }
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(open('mtls', old)).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
    const weak = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0' } as const;
    await expect(open('mtls', weak)).rejects.toThrow();
  });
});

async function resumes(options: ConnectionOptions): Promise<boolean> {
  const socket = await open('mtls', options);
  let session: Buffer | undefined = socket.getSession();
  socket.on('session', (saved: Buffer) => (session = saved));
  socket.write('GET /peer HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  socket.resume();
  await once(socket, 'close');
  const again = await open('mtls', { ...options, session });
  const reused = again.isSessionReused();
  again.destroy();
  return reused;
}

describe('what cannot be used leaves the present pair in use, and is logged once', () => {
  it.each([
    ['a key that does not fit', async () => put(keyFile(), (await issued()).privateKeyPem), /does not belong/],
    ['no certificate', () => put(certFile(), 'nothing'), /not a PEM certificate/],
    ['half a certificate', () => put(certFile(), first.chainPem.slice(0, 300)), /not a PEM certificate/],
    ['no file', () => rm(keyFile()), /cannot be read \(ENOENT\)/],
    ['an expired certificate', () => installUntil(-86_400_000), /is valid from/],
  ] as [string, () => Promise<void>, RegExp][])('%s', async (_, spoil, sentence) => {
    await spoil();
    look(2);
    expect(errors()).toHaveLength(2); // one per listener
    look(4);
    expect(errors()).toHaveLength(2);
    expect((errors()[0]!.err as { message: string }).message).toMatch(sentence);
    expect(await shown('tls')).toBe(first.thumbprint);
    expect(JSON.stringify(app.lines)).not.toMatch(/PRIVATE KEY/);
  });

  it('a pair that is only halfway replaced is no error', async () => {
    const next = await issued();
    await put(certFile(), next.chainPem);
    look();
    await put(keyFile(), next.privateKeyPem);
    look();
    expect(await shown('tls')).toBe(next.thumbprint);
    expect(errors()).toEqual([]);
  });
});

// An authority's server certificates cannot be backdated here; a client's can, and TLS asks nothing more of it.
async function installUntil(fromNowMs: number): Promise<void> {
  const notAfter = new Date(Date.now() + fromNowMs);
  const notBefore = new Date(notAfter.getTime() - 86_400_000);
  await install(await (await testAuthority()).issueClient({ subject: 'CN=localhost', notBefore, notAfter }));
}

it('/metrics has the days that are left per listener, and what the app added', async () => {
  const text = await new Promise<string>((resolve, reject) => {
    get({ host: '127.0.0.1', port: app.port('management'), path: '/metrics', agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve(body));
    }).on('error', reject);
  });
  expect(text).toMatch(/^spec_own_metric\{[^}]*service="spec"[^}]*\} 42$/m);
  for (const listener of ['tls', 'mtls']) {
    const [, days] = new RegExp(`^tls_certificate_days_left\\{listener="${listener}".*\\} (.+)$`, 'm').exec(text)!;
    const left = (new Date(appCertificateEnd()).getTime() - Date.now()) / 86_400_000;
    expect(Number(days)).toBeCloseTo(left, 2);
  }
});

function appCertificateEnd(): string {
  return new X509Certificate(first.certificatePem).validTo;
}
