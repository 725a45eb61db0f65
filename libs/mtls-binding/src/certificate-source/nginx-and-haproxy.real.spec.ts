import { createServer, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CertificateHeader } from '../protocol/certificate-headers/certificate-header.js';
import { clientCert } from '../protocol/certificate-headers/client-cert.js';
import { haproxyDer } from '../protocol/certificate-headers/haproxy-der.js';
import { nginxEscaped } from '../protocol/certificate-headers/nginx-escaped.js';
import type { RawHeaders } from './ask.testing.js';
import { FORGEABLE } from './conformance.testing.js';
import { startGuardedApp, type GuardedApp, type Platform } from './guarded-app.testing.js';
import { HEADER_FORMATS } from './header-formats.testing.js';
import { startProxy, type ProxyProgram, type RunningProxy } from './real-proxy.testing.js';
import { trustedProxy } from './trusted-proxy.js';
import type { TrustedProxies } from './trusted-proxies.js';

const HEADERS: Record<ProxyProgram, CertificateHeader> = {
  nginx: nginxEscaped({ name: 'X-SSL-Client-Cert' }),
  haproxy: clientCert(),
};

let ours: Authority;
let server: Issued;
let proxyIdentity: Issued;
let [alice, bob, mallory]: (Issued | undefined)[] = [];
/** every way to write every partner's certificate */
let forgeries: (of: Issued) => string[];

beforeAll(async () => {
  ours = await createAuthority({ name: 'Ours', intermediate: true });
  server = await ours.issueServer({ names: ['localhost', '127.0.0.1'] });
  proxyIdentity = await ours.issueClient({ subject: 'CN=edge' });
  const partners = await createAuthority({ name: 'Partners', intermediate: true });
  const elsewhere = await createAuthority({ name: 'Elsewhere' });
  alice = await partners.issueClient({ subject: 'CN=alice' });
  bob = await elsewhere.issueClient({ subject: 'CN=bob', key: 'RSA-2048' });
  mallory = await partners.issueClient({ subject: 'CN=mallory' });
  forgeries = (of) => [...new Set(HEADER_FORMATS.map(({ encode }) => encode(of)))];
});

interface Answer {
  status: number;
  body: { thumbprint?: string; source?: string; code?: string };
  headers: IncomingMessage['headers'];
}

interface Call {
  port: number;
  as?: Issued | undefined;
  token?: string | undefined;
  headers?: RawHeaders;
  path?: string;
  agent?: Agent;
  body?: { chunks: Buffer[]; trailers: [string, string][] };
}

function call({ port, as, token, headers = [], path = '/closed', agent, body }: Call): Promise<Answer> {
  const identity = as ? { cert: as.chainPem, key: as.privateKeyPem } : {};
  const sent = ['Host', 'localhost', ...(token ? ['Authorization', `Bearer ${token}`] : []), ...headers];
  if (body) sent.push('Transfer-Encoding', 'chunked', 'Trailer', body.trailers.map(([name]) => name).join(', '));
  const tls = { ca: ours.bundlePem, agent: agent ?? (false as const), ...identity };
  return new Promise((resolve, reject) => {
    const method = body ? 'POST' : 'GET';
    const request = httpsRequest({ host: 'localhost', port, path, method, headers: sent, ...tls }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const isJson = response.headers['content-type']?.includes('json');
        const answer = { status: response.statusCode!, headers: response.headers };
        resolve({ ...answer, body: isJson ? (JSON.parse(text) as Answer['body']) : {} });
      });
    });
    request.on('error', reject);
    for (const chunk of body?.chunks ?? []) request.write(chunk);
    if (body) request.addTrailers(body.trailers);
    request.end();
  });
}

const spellings = (name: string) => [name, name.toLowerCase(), name.toUpperCase(), name.replaceAll('-', '_')];

describe.each(['nginx', 'haproxy'] as const)('what %s really writes', (program) => {
  let written: RawHeaders = [];
  let running: RunningProxy;
  const api = createServer((request, response) => {
    written = request.rawHeaders;
    response.end();
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    const address = `127.0.0.1:${(api.address() as AddressInfo).port}`;
    running = await startProxy(program, server, { mutualTls: false, address, authority: ours, proxy: proxyIdentity });
  });

  afterAll(async () => {
    await running?.stop();
    api.close();
  });

  const valuesOf = (name: string) => written.filter((_, at) => written[at - 1]?.toLowerCase() === name.toLowerCase());
  const header = HEADERS[program];
  const golden: Record<ProxyProgram, (partner: Issued) => string> = {
    nginx: ({ certificatePem }) => encodeURIComponent(certificatePem),
    haproxy: ({ der }) => `:${der.toString('base64')}:`,
  };

  it('T7: is, octet by octet, what its decoder is tested with, of the leaf alone', async () => {
    for (const partner of [alice!, bob!]) {
      await call({ port: running.port, as: partner });
      expect(valuesOf(header.name)).toEqual([golden[program](partner)]);
      expect(header.decode(valuesOf(header.name)[0]!).equals(partner.der)).toBe(true);
    }
  });

  it('T6: for a client without certificate it writes no header at all, not an empty one', async () => {
    await call({ port: running.port });
    expect(valuesOf(header.name)).toEqual([]);
    expect(written.length).toBeGreaterThan(0);
  });

  it('T6: of the certificate headers that clients send it passes none on, in no spelling', async () => {
    for (const name of [
      ...FORGEABLE,
      'X-SSL-Client-Certificate',
      'X-Client-Cert-Leaf',
      'X-SSL-Client-DER',
      'SSL-Cert',
    ]) {
      for (const spelling of spellings(name)) {
        await call({ port: running.port, headers: [spelling, 'forged', spelling, 'forged too'] });
        expect(written.join('\n'), spelling).not.toContain('forged');
      }
    }
  });
});

it('T7: haproxy writes base64 DER where its configuration says so, and haproxyDer() reads it', async () => {
  let written: RawHeaders = [];
  const api = createServer((request, response) => {
    written = request.rawHeaders;
    response.end();
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(api.address() as AddressInfo).port}`;
  const hop = { mutualTls: false, address, authority: ours, proxy: proxyIdentity };
  const other = (configuration: string) =>
    configuration
      .replace(/^ +http-request set-header Client-Cert .*$/m, '')
      .replace('# http-request set-header X-SSL', 'http-request set-header X-SSL');
  const running = await startProxy('haproxy', server, hop, other);
  try {
    await call({ port: running.port, as: alice });
    const value = written[written.findIndex((name) => name.toLowerCase() === 'x-ssl-client-cert') + 1]!;
    expect(value).toBe(alice!.der.toString('base64'));
    expect(haproxyDer({ name: 'X-SSL-Client-Cert' }).decode(value).equals(alice!.der)).toBe(true);
    expect(written.join('\n')).not.toMatch(/^client-cert$/im);
  } finally {
    await running.stop();
    api.close();
  }
});

interface Place {
  program: ProxyProgram;
  hop: 'loopback' | 'a Unix socket' | 'mutual TLS';
  platform: Platform;
}

const PLACES: Place[] = [
  { program: 'nginx', hop: 'loopback', platform: 'express' },
  { program: 'nginx', hop: 'a Unix socket', platform: 'fastify' },
  { program: 'nginx', hop: 'mutual TLS', platform: 'fastify' },
  { program: 'haproxy', hop: 'loopback', platform: 'fastify' },
  { program: 'haproxy', hop: 'a Unix socket', platform: 'express' },
  { program: 'haproxy', hop: 'mutual TLS', platform: 'express' },
];

describe.each(PLACES)('behind real $program over $hop, on $platform', ({ program, hop, platform }) => {
  let app: GuardedApp;
  let running: RunningProxy;
  let ofAlice: string;
  let ofBob: string;
  const header = HEADERS[program];
  const folder = mkdtempSync(join(tmpdir(), 'partner-ecosystem-hop-'));

  beforeAll(async () => {
    const path = join(folder, 'api.sock');
    const proxies: Record<Place['hop'], TrustedProxies> = {
      loopback: 'loopback',
      'a Unix socket': { unixSocket: true },
      'mutual TLS': { clientCertificates: [proxyIdentity.certificatePem] },
    };
    app = await startGuardedApp({
      platform,
      certificateSource: trustedProxy({ header, proxies: proxies[hop] }),
      identity: hop === 'mutual TLS' ? server : undefined,
      ...(hop === 'a Unix socket' ? { path } : {}),
    });
    const unix = program === 'nginx' ? `unix:${path}` : `unix@${path}`;
    running = await startProxy(program, server, {
      mutualTls: hop === 'mutual TLS',
      address: hop === 'a Unix socket' ? unix : `127.0.0.1:${app.port}`,
      authority: ours,
      proxy: proxyIdentity,
    });
    ofAlice = await app.tokenFor(alice!);
    ofBob = await app.tokenFor(bob!);
  });

  afterAll(async () => {
    await running?.stop();
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const through = (rest: Omit<Call, 'port'>) => call({ port: running.port, ...rest });

  it('R5, T6: the right client gets in, whichever authority issued its certificate', async () => {
    for (const [as, token] of [
      [alice!, ofAlice],
      [bob!, ofBob],
    ] as const) {
      const answer = await through({ as, token });
      expect(answer).toMatchObject({ status: 200, body: { thumbprint: as.thumbprint, source: 'proxy' } });
    }
  });

  it('R5: a stolen token does not: not with another certificate, and not with none', async () => {
    for (const as of [mallory, bob, undefined]) {
      expect(await through({ as, token: ofAlice })).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    }
  });

  it('T6: nor with the right certificate in a header that the client sends, under any name, in any spelling', async () => {
    const values = forgeries(alice!);
    const names = [...new Set([header.name, ...FORGEABLE])].flatMap(spellings);
    for (const [at, name] of names.entries()) {
      for (const as of [mallory, undefined]) {
        const headers = [name, values[at % values.length]!];
        const { status } = await through({ as, token: ofAlice, headers });
        expect([400, 401], `${name}: ${status}`).toContain(status);
      }
    }
    for (const value of values) {
      for (const as of [mallory, undefined]) {
        const { status } = await through({ as, token: ofAlice, headers: [header.name, value] });
        expect([400, 401]).toContain(status);
      }
    }
  });

  it('T6, T7: nor twice, nor beside its underscore twin, nor with the values of several joined', async () => {
    const twin = header.name.replaceAll('-', '_');
    const [right, wrong] = [forgeries(alice!), forgeries(mallory!)];
    for (const [at, value] of right.entries()) {
      for (const headers of [
        [header.name, value, header.name, value],
        [header.name, value, header.name.toUpperCase(), wrong[at]!],
        [twin, value, header.name, wrong[at]!],
        [header.name, `${wrong[at]}, ${value}`],
        [header.name, `${value}, ${wrong[at]}`],
      ]) {
        const { status } = await through({ as: mallory, token: ofAlice, headers });
        expect([400, 401]).toContain(status);
      }
    }
  });

  it('T6: nor by having the proxy drop its own header as one of the connection', async () => {
    const forged = [header.name, forgeries(alice!)[0]!, 'Connection', header.name];
    expect((await through({ as: mallory, token: ofAlice, headers: forged })).status).not.toBe(200);
  });

  it('T6: nor with headers beyond every limit, a chunked body beyond it, or the certificate in its trailers', async () => {
    const [value] = forgeries(alice!);
    const long = [header.name, value!, 'X-Padding', 'x'.repeat(20 * 1024)];
    expect((await through({ as: mallory, token: ofAlice, headers: long })).status).not.toBe(200);
    const body = {
      chunks: Array.from({ length: 8 }, () => Buffer.alloc(4 * 1024, 'x')),
      trailers: [[header.name, value!]],
    };
    const answer = await through({ as: mallory, token: ofAlice, body: body as NonNullable<Call['body']> });
    expect(answer.status).not.toBe(201);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await through({ as: alice, token: ofAlice })).toMatchObject({ status: 200 });
  });

  it('T6: the right client gets in as itself, though it sends the certificate of another', async () => {
    for (const value of forgeries(mallory!)) {
      const answer = await through({ as: alice, token: ofAlice, headers: [header.name, value] });
      expect(answer).toMatchObject({ status: 200, body: { thumbprint: alice!.thumbprint } });
    }
  });

  it('R5, T6: two partners who take turns over one connection of the proxy stay who they are', async () => {
    const agents = [alice!, bob!].map(
      (as) =>
        new Agent({ keepAlive: true, maxSockets: 1, ca: ours.bundlePem, cert: as.chainPem, key: as.privateKeyPem }),
    );
    try {
      for (let turn = 0; turn < 12; turn += 1) {
        const [as, token, agent] = turn % 2 === 0 ? [alice!, ofAlice, agents[0]!] : [bob!, ofBob, agents[1]!];
        const right = await through({ token, agent });
        expect(right).toMatchObject({ status: 200, body: { thumbprint: as.thumbprint } });
        const stolen = await through({ token: turn % 2 === 0 ? ofBob : ofAlice, agent });
        expect(stolen).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
      }
      expect(Math.max(...app.requestsPerConnection.values())).toBeGreaterThanOrEqual(12);
    } finally {
      agents.forEach((agent) => agent.destroy());
    }
  });

  it('T6: ClientCertificateGuard believes the proxy, and refuses without certificate', async () => {
    const path = '/certificate-only';
    expect(await through({ as: bob, path })).toMatchObject({ status: 200, body: { thumbprint: bob!.thumbprint } });
    expect(await through({ path })).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  });

  it('T7: no answer that depends on a certificate may be stored, a refusal neither', async () => {
    for (const given of [
      { as: alice, token: ofAlice },
      { as: mallory, token: ofAlice },
      { as: bob, path: '/certificate-only' },
      {},
    ]) {
      expect((await through(given)).headers['cache-control']).toBe('no-store');
    }
    expect((await through({ path: '/open' })).headers['cache-control']).toBeUndefined();
  });

  if (hop === 'mutual TLS') {
    it('T6: past the proxy nobody is believed: 400, whatever certificate they connect with', async () => {
      const namesake = await ours.issueClient({ subject: 'CN=edge' });
      for (const as of [mallory, alice, namesake, undefined]) {
        for (const value of ['', 'x', ...forgeries(alice!)]) {
          const answer = await call({ port: app.port, as, token: ofAlice, headers: [header.name, value] });
          expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
          expect(JSON.stringify(answer.body)).toContain('A client certificate header is not accepted here.');
        }
      }
    });

    it('T6: past the proxy the certificate of the connection counts for nothing', async () => {
      expect(await call({ port: app.port, as: alice, token: ofAlice })).toMatchObject({ status: 401 });
      expect(await call({ port: app.port, as: alice, path: '/certificate-only' })).toMatchObject({ status: 401 });
    });

    it('T6: ClientCertificateGuard answers a forged header 400 too, on a route without token', async () => {
      const headers = [header.name, forgeries(alice!)[0]!];
      const answer = await call({ port: app.port, as: mallory, path: '/certificate-only', headers });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    });
  }
});
