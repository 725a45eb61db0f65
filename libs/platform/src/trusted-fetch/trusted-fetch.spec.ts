import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAuthority, type Authority } from '@partner-ecosystem/test-pki';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { trustedFetch } from './index.js';

let authority: Authority;
const servers: Server[] = [];

async function serverFor(names: string[], issuer = authority): Promise<string> {
  const { chainPem, privateKeyPem } = await issuer.issueServer({ names });
  const server = createServer({ cert: chainPem, key: privateKeyPem }, (request, response) => {
    if (request.url === '/away') response.writeHead(302, { location: '/json' }).end();
    else if (request.url === '/silent') return;
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  authority = await createAuthority({ name: 'Fetch CA' });
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

const reason = (error: unknown) => ((error as Error).cause as NodeJS.ErrnoException).code;

describe('T4: outgoing calls verify the server', () => {
  it('talks to a server whose certificate and name are right', async () => {
    const answer = await trustedFetch({ ca: authority.bundlePem })(`${await serverFor(['localhost'])}/json`);
    expect(await answer.json()).toEqual({ ok: true });
  });

  it.each([undefined, '0'])(
    'refuses another authority and another name, NODE_TLS_REJECT_UNAUTHORIZED=%s',
    async (setting) => {
      if (setting) vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', setting);
      const fetchTrusted = trustedFetch({ ca: authority.bundlePem });
      const stranger = await createAuthority({ name: 'Stranger' });
      const unknown = await fetchTrusted(`${await serverFor(['localhost'], stranger)}/json`).catch(reason);
      expect(unknown).toMatch(/UNABLE_TO|SELF_SIGNED/);
      expect(await fetchTrusted(`${await serverFor(['other.example'])}/json`).catch(reason)).toBe(
        'ERR_TLS_CERT_ALTNAME_INVALID',
      );
      expect(await trustedFetch({ ca: undefined })(`${await serverFor(['localhost'])}/json`).catch(reason)).toMatch(
        /UNABLE_TO|SELF_SIGNED/,
      );
    },
  );
});

describe('a trusted fetch', () => {
  it('refuses plain http', async () => {
    await expect(trustedFetch({ ca: undefined })('http://localhost:1/')).rejects.toThrow('only https:');
  });

  it('does not follow redirects', async () => {
    await expect(trustedFetch({ ca: authority.bundlePem })(`${await serverFor(['localhost'])}/away`)).rejects.toThrow(
      TypeError,
    );
  });

  it('gives up on a server that does not answer', async () => {
    const fetchTrusted = trustedFetch({ ca: authority.bundlePem, timeoutMs: 300 });
    // The one limit is for each phase: on a slow machine it is the connection that takes too long.
    expect(await fetchTrusted(`${await serverFor(['localhost'])}/silent`).catch(reason)).toMatch(
      /^UND_ERR_(HEADERS|CONNECT)_TIMEOUT$/,
    );
  });
});
