import { createServer } from 'node:https';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAuthority, type Authority } from '@partner-ecosystem/test-pki';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PROBE_CERTIFICATE } from '../protocol/certificate-headers/probe-certificate.js';
import { ForgedHeaderBelievedError } from './forged-header-believed-error.js';
import { startGuardedApp, type GuardedApp } from './guarded-app.testing.js';
import { HEADER_FORMATS } from './header-formats.testing.js';
import { probeForgedHeader } from './probe-forged-header.js';
import { trustedProxy } from './trusted-proxy.js';

const HEADER = HEADER_FORMATS.find((one) => one.name === 'clientCert')!.header;

// With nginx and HAProxy: probe-real-proxies.real.spec.ts. The proxy here is one of a few lines, which drops what clients
// send, or forgets to.
describe('probeForgedHeader()', () => {
  let authority: Authority;
  let app: GuardedApp;
  let proxy: ReturnType<typeof createServer>;
  let url: string;
  let drops = true;
  let trusting: typeof fetch;

  beforeAll(async () => {
    authority = await createAuthority({ name: 'Ours' });
    const server = await authority.issueServer({ names: ['localhost'] });
    const certificateSource = trustedProxy({ header: HEADER, proxies: 'loopback' });
    app = await startGuardedApp({ platform: 'fastify', certificateSource });
    proxy = createServer(
      { cert: server.chainPem, key: server.privateKeyPem },
      ({ method, url: path, headers }, response) => {
        const passed = { ...headers };
        if (drops) delete passed[HEADER.name.toLowerCase()];
        const onward = { host: '127.0.0.1', port: app.port, method, path, headers: passed };
        httpRequest(onward, (answer) => {
          response.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(response);
        }).end();
      },
    );
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    url = `https://localhost:${(proxy.address() as AddressInfo).port}`;
    const dispatcher = new Agent({ connect: { ca: authority.certificatePem } });
    trusting = ((to: string, init: object) => undiciFetch(to, { ...init, dispatcher })) as unknown as typeof fetch;
  });

  afterAll(async () => {
    proxy?.close();
    proxy?.closeAllConnections();
    await app?.close();
  });

  it('T6: is content with a proxy that drops the header; readiness names one that does not, until it does', async () => {
    const probe = probeForgedHeader({ url: `${url}/closed`, header: HEADER, fetch: trusting, pauseMs: 50 });
    try {
      drops = false;
      probe.start();
      await vi.waitFor(() => expect(probe.verdict).toBe('believed'), { timeout: 240_000 });
      await expect(probe.ready()).rejects.toThrow(ForgedHeaderBelievedError);
      await expect(probe.ready()).rejects.toThrow(
        `A ${HEADER.name} header that a client without certificate sends to ${url}/closed reaches this API and is believed`,
      );
      drops = true;
      await vi.waitFor(() => expect(probe.verdict).toBe('dropped'), { timeout: 240_000 });
      await probe.ready();
    } finally {
      await probe.stop();
    }
  });

  it('T6: learns nothing from a route that is open, or from nobody, and holds up no start because of it', async () => {
    for (const target of [`${url}/open`, 'https://localhost:1/closed']) {
      let attempts = 0;
      const counted = ((to: string, init: object) =>
        trusting(to, init as RequestInit).finally(() => (attempts += 1))) as unknown as typeof fetch;
      const probe = probeForgedHeader({ url: target, header: HEADER, fetch: counted, pauseMs: 10 });
      try {
        probe.start();
        await vi.waitFor(() => expect(attempts).toBeGreaterThan(3), { timeout: 240_000 });
        expect(probe.verdict).toBe('unknown');
        await probe.ready();
      } finally {
        await probe.stop();
      }
    }
  });

  it('T6: stops at once', async () => {
    const probe = probeForgedHeader({
      url: 'https://localhost:1/closed',
      header: HEADER,
      pauseMs: 60_000,
      fetch: (_, init) =>
        new Promise((_resolve, reject) => init!.signal!.addEventListener('abort', () => reject(new Error('aborted')))),
    });
    probe.start();
    await probe.stop();
    expect(probe.verdict).toBe('unknown');
  });

  it.each(HEADER_FORMATS)(
    'T6: a forgery as $name is known for what it is, and never for a certificate',
    ({ header }) => {
      const { evidenceOf } = trustedProxy({ header, proxies: 'loopback' });
      const request = { rawHeaders: [header.name, header.encode(PROBE_CERTIFICATE)], socket: { remoteAddress: '::1' } };
      expect(() => evidenceOf(request as never)).toThrow(
        expect.objectContaining({ status: 400, check: 'certificate_header_probe' }) as Error,
      );
    },
  );

  it.each([
    ['plain http', { url: 'http://api.test/' }],
    ['no url', {}],
    ['no decoder', { header: undefined }],
  ])('T6: does not start with %s', (_, wrong) => {
    const options = {
      url: 'https://api.test/',
      header: HEADER,
      ...(Object.keys(wrong).length ? wrong : { url: '' }),
    };
    expect(() => probeForgedHeader(options as never)).toThrow(TypeError);
  });
});
