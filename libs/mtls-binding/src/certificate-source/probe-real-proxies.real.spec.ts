import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ForgedHeaderBelievedError } from './forged-header-believed-error.js';
import { startGuardedApp, type GuardedApp } from './guarded-app.testing.js';
import { HEADER_FORMATS } from './header-formats.testing.js';
import { probeForgedHeader, type ForgedHeaderProbe } from './probe-forged-header.js';
import { freePort, startProxy, type ProxyProgram, type RunningProxy } from './real-proxy.testing.js';
import { trustedProxy } from './trusted-proxy.js';

const headerOf = (name: string) => HEADER_FORMATS.find((one) => one.name === name)!.header;
const HEADERS = { nginx: headerOf('nginxEscaped'), haproxy: headerOf('clientCert') };

/** The documented configuration with the line removed that drops what clients send. */
const CARELESS: Record<ProxyProgram, (configuration: string) => string> = {
  nginx: (text) => text.replace(/^ +proxy_set_header X-SSL-Client-Cert .*$/m, ''),
  haproxy: (text) => text.replace(/^ +http-request del-header .*$/gm, ''),
};

describe('probeForgedHeader() through a real proxy', () => {
  let authority: Authority;
  let [server, proxy]: (Issued | undefined)[] = [];
  let trusting: typeof fetch;
  /** where a probe has asked, once for each attempt that has ended */
  const asked: string[] = [];
  const open: { stop(): Promise<void> }[] = [];
  const apps: GuardedApp[] = [];

  beforeAll(async () => {
    authority = await createAuthority({ name: 'Ours' });
    server = await authority.issueServer({ names: ['localhost'] });
    proxy = await authority.issueClient({ subject: 'CN=edge' });
    const dispatcher = new Agent({ connect: { ca: authority.certificatePem } });
    trusting = ((url: string, init: object) =>
      undiciFetch(url, { ...init, dispatcher }).finally(() => asked.push(url))) as unknown as typeof fetch;
  });

  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.stop();
  });

  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
  });

  async function behind(program: ProxyProgram, edit?: (text: string) => string): Promise<RunningProxy> {
    const certificateSource = trustedProxy({ header: HEADERS[program], proxies: 'loopback' });
    const app = await startGuardedApp({ platform: program === 'nginx' ? 'express' : 'fastify', certificateSource });
    apps.push(app);
    const hop = { mutualTls: false, address: `127.0.0.1:${app.port}`, authority, proxy: proxy! };
    const running = await startProxy(program, server!, hop, edit);
    open.push(running);
    return running;
  }

  function probing(port: number, program: ProxyProgram, path = '/closed'): ForgedHeaderProbe {
    const url = `https://localhost:${port}${path}`;
    const probe = probeForgedHeader({ url, header: HEADERS[program], fetch: trusting, pauseMs: 50 });
    open.push(probe);
    probe.start();
    return probe;
  }

  it.each(['nginx', 'haproxy'] as const)('T6: is content with %s as documented', async (program) => {
    const { port } = await behind(program);
    const probe = probing(port, program);
    await vi.waitFor(() => expect(probe.verdict).toBe('dropped'), { timeout: 240_000 });
    await probe.ready();
  });

  it.each(['nginx', 'haproxy'] as const)(
    'T6: finds the hole in a careless %s, and readiness names it',
    async (program) => {
      const { port } = await behind(program, CARELESS[program]);
      const probe = probing(port, program);
      await vi.waitFor(() => expect(probe.verdict).toBe('believed'), { timeout: 240_000 });
      await expect(probe.ready()).rejects.toThrow(ForgedHeaderBelievedError);
      const { name } = HEADERS[program];
      await expect(probe.ready()).rejects.toThrow(
        `A ${name} header that a client without certificate sends to https://localhost:${port}/closed reaches this API and is believed`,
      );
    },
  );

  it('T6: goes on until the hole is closed', async () => {
    const careless = await behind('haproxy', CARELESS.haproxy);
    let port = careless.port;
    const header = HEADERS.haproxy;
    const moving = ((url: string, init: object) =>
      trusting(url.replace(/:\d+/, `:${port}`), init)) as unknown as typeof fetch;
    const probe = probeForgedHeader({ url: 'https://localhost:1/closed', header, fetch: moving, pauseMs: 50 });
    open.push(probe);
    probe.start();
    await vi.waitFor(() => expect(probe.verdict).toBe('believed'), { timeout: 240_000 });
    ({ port } = await behind('haproxy'));
    await vi.waitFor(() => expect(probe.verdict).toBe('dropped'), { timeout: 240_000 });
    await probe.ready();
  });

  it('T6: learns nothing from a route that is open, or from nobody, and holds up no start because of it', async () => {
    const { port } = await behind('nginx');
    const ofOpen = probing(port, 'nginx', '/open');
    const nobody = await freePort();
    const ofNobody = probing(nobody, 'nginx');
    for (const url of [`https://localhost:${port}/open`, `https://localhost:${nobody}/closed`]) {
      const attempts = () => asked.filter((one) => one === url).length;
      await vi.waitFor(() => expect(attempts()).toBeGreaterThan(3), { timeout: 240_000 });
    }
    expect([ofOpen.verdict, ofNobody.verdict]).toEqual(['unknown', 'unknown']);
    await Promise.all([ofOpen.ready(), ofNobody.ready()]);
  });
});
