import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Logger, type LoggerService } from '@nestjs/common';
import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGuardedApp, type GuardedApp } from '../certificate-source/guarded-app.testing.js';
import { clientCert, tlsSocket, trustedProxy, type CertificateSource } from '../index.js';

interface Answer {
  status: number;
  text: string;
  challenge: string | undefined;
  cache: string | undefined;
}

const lines: string[] = [];
const record: LoggerService = {
  log: () => undefined,
  warn: (message: string) => lines.push(message),
  error: (message: string) => lines.push(message),
};

describe.each(['express', 'fastify'] as const)('certificate headers at the guards, on %s', (platform) => {
  let authority: Authority;
  let [server, alice, mallory]: (Issued | undefined)[] = [];
  const apps: GuardedApp[] = [];

  beforeAll(async () => {
    authority = await createAuthority({ name: 'Test CA' });
    server = await authority.issueServer({ names: ['localhost'] });
    alice = await authority.issueClient({ subject: 'CN=alice' });
    mallory = await authority.issueClient({ subject: 'CN=mallory' });
  });

  afterEach(() => void lines.splice(0));

  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
  });

  async function start(certificateSource: CertificateSource, identity?: Issued): Promise<GuardedApp> {
    const app = await startGuardedApp({ platform, certificateSource, identity });
    apps.push(app);
    Logger.overrideLogger(record);
    return app;
  }

  const headerOf = ({ der }: Issued) => ['Client-Cert', `:${der.toString('base64')}:`];

  function get(
    { port }: GuardedApp,
    { path = '/closed', headers = [] as string[], as = undefined as Issued | undefined, tls = false } = {},
  ): Promise<Answer> {
    const options = {
      host: '127.0.0.1',
      port,
      path,
      agent: false as const,
      headers: ['Host', 'localhost', ...headers],
    };
    const identity = as ? { cert: as.chainPem, key: as.privateKeyPem } : {};
    return new Promise((resolve, reject) => {
      const request = tls
        ? httpsRequest({ ...options, host: 'localhost', ca: authority.certificatePem, ...identity })
        : httpRequest(options);
      request.once('response', (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => {
          const { 'www-authenticate': challenge, 'cache-control': cache } = response.headers;
          resolve({ status: response.statusCode!, text, challenge, cache });
        });
      });
      request.once('error', reject).end();
    });
  }

  const authorized = async (app: GuardedApp) => ['Authorization', `Bearer ${await app.tokenFor(alice!)}`];

  it('T6, R6: a header smuggled past the socket: 400 invalid_request before anything else, and the log says which check', async () => {
    const app = await start(tlsSocket(), server);
    for (const headers of [headerOf(alice!), [...(await authorized(app)), ...headerOf(alice!)]]) {
      for (const as of [mallory, alice, undefined]) {
        lines.splice(0);
        const answer = await get(app, { headers, as, tls: true });
        expect(answer.status).toBe(400);
        expect(answer.challenge).toMatch(
          /^Bearer error="invalid_request", error_description="A client certificate header /,
        );
        expect(answer.text).toContain('A client certificate header is not accepted here.');
        expect(lines).toEqual([
          expect.stringMatching(/^certificate_header_unexpected: client-cert sent to a listener/),
        ]);
      }
    }
    expect(await get(app, { headers: await authorized(app), as: alice, tls: true })).toMatchObject({ status: 200 });
  });

  it('T6: what the caller hears never says how near the forgery came', async () => {
    const app = await start(trustedProxy({ header: clientCert(), proxies: 'loopback' }));
    const answers = new Set<string>();
    for (const headers of [
      ['Client-Cert', ''],
      ['Client_Cert', 'x'],
      ['Client-Cert', ':AAAA:'],
      [...headerOf(alice!), ...headerOf(mallory!)],
      ['X-SSL-Client-Cert', 'x'],
    ]) {
      const { status, text, challenge } = await get(app, { headers });
      answers.add(JSON.stringify({ status, text, challenge }));
    }
    expect(answers.size).toBe(1);
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      'certificate_header_malformed',
      'certificate_header_twin',
      'certificate_header_malformed',
      'certificate_header_repeated',
      'certificate_header_unexpected',
    ]);
  });

  it('T6: ClientCertificateGuard refuses it the same way, without a challenge', async () => {
    const app = await start(trustedProxy({ header: clientCert(), proxies: { insecureAddressOnly: ['192.0.2.0/24'] } }));
    const answer = await get(app, { path: '/certificate-only', headers: headerOf(alice!) });
    expect(answer).toMatchObject({ status: 400, challenge: undefined });
    expect(answer.text).toContain('invalid_request');
    expect(lines).toEqual([
      'certificate_header_untrusted: a certificate header from 127.0.0.1, which is no trusted proxy',
    ]);
  });

  it('T7: an answer that a header decided must not be stored; one that the socket decided may be', async () => {
    const behind = await start(trustedProxy({ header: clientCert(), proxies: 'loopback' }));
    const headers = [...(await authorized(behind)), ...headerOf(alice!)];
    expect(await get(behind, { headers })).toMatchObject({ status: 200, cache: 'no-store' });
    expect(await get(behind, { headers: await authorized(behind) })).toMatchObject({ status: 401, cache: 'no-store' });
    expect(await get(behind)).toMatchObject({ status: 401, cache: 'no-store' });
    const direct = await start(tlsSocket(), server);
    const ofAlice = { headers: await authorized(direct), as: alice, tls: true };
    expect(await get(direct, ofAlice)).toMatchObject({ status: 200, cache: undefined });
  });

  it('R5: the token seen before is held to the certificate of each request over one connection', async () => {
    const app = await start(trustedProxy({ header: clientCert(), proxies: 'loopback' }));
    const token = await authorized(app);
    const statuses: number[] = [];
    for (const as of [alice!, mallory!, alice!, mallory!]) {
      statuses.push((await get(app, { headers: [...token, ...headerOf(as)] })).status);
    }
    statuses.push((await get(app, { headers: token })).status);
    expect(statuses).toEqual([200, 401, 200, 401, 401]);
  });

  it('T6: a public route reads no certificate, so a header there changes nothing', async () => {
    const app = await start(tlsSocket());
    expect(await get(app, { path: '/open', headers: headerOf(alice!) })).toMatchObject({ status: 200 });
  });

  it('T6: addresses alone are warned about at every boot', async () => {
    Logger.overrideLogger(record);
    const certificateSource = trustedProxy({ header: clientCert(), proxies: { insecureAddressOnly: ['10.0.7.0/24'] } });
    for (let boot = 1; boot <= 2; boot += 1) {
      const app = await startGuardedApp({ platform, certificateSource, logger: record });
      apps.push(app);
      expect(lines.filter((line) => line.includes('insecureAddressOnly'))).toHaveLength(boot);
    }
  });
});
