import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import { clientCertificate, StackUnderTest } from './stack-under-test.js';

const MTLS_LISTENERS = ['token-service', 'partner-registry', 'resource-api'] as const;

describe('below HTTP', () => {
  const stack = new StackUnderTest();
  const { urls, serverCa } = stack.running;
  let partner: OnboardedPartner;
  let certificate: { cert: string; key: string };

  beforeAll(async () => {
    partner = await stack.onboard(await clientCertificate('CN=raw,O=Raw TLS'));
    certificate = { cert: partner.identity.chainPem, key: partner.identity.privateKeyPem };
  });

  const portOf = (app: (typeof MTLS_LISTENERS)[number]) => Number(stack.running.settings[app]['MTLS_PORT']);

  async function opened(options: ConnectionOptions): Promise<TLSSocket> {
    const socket = connect({ host: 'localhost', servername: 'localhost', ca: serverCa, ...options });
    await once(socket, 'secureConnect');
    return socket;
  }

  async function savedSession(options: ConnectionOptions): Promise<Buffer> {
    const socket = await opened(options);
    let session: Buffer | undefined = socket.getSession();
    socket.on('session', (ticket: Buffer) => (session = ticket));
    socket.write('GET /nowhere HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
    await text(socket);
    return session!;
  }

  // Node 20 reports a connection without a certificate as authorized when it resumes one that had a certificate
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'T3: a saved %s session proves nothing: no resumption, no token',
    async (version) => {
      const options = { port: portOf('token-service'), minVersion: version, maxVersion: version };
      const session = await savedSession({ ...options, ...certificate });
      const second = await opened({ ...options, session });
      expect(second.isSessionReused()).toBe(false);
      const body = `grant_type=client_credentials&client_id=${partner.clientId}`;
      const type = 'content-type: application/x-www-form-urlencoded';
      const host = new URL(urls.tokenEndpoint).host;
      second.write(
        `POST /token HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n${type}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      const answer = await text(second);
      expect(answer).toMatch(/^HTTP\/1\.1 401 /);
      expect(answer).toContain('"error":"invalid_client"');
    },
  );

  it.each(MTLS_LISTENERS.flatMap((app) => (['TLSv1.2', 'TLSv1.3'] as const).map((version) => ({ app, version }))))(
    'T3: no $version session of $app resumes, with certificate or without',
    async ({ app, version }) => {
      for (const own of [certificate, {}]) {
        const options = { port: portOf(app), minVersion: version, maxVersion: version, ...own };
        const again = await opened({ ...options, session: await savedSession(options) });
        expect(again.isSessionReused()).toBe(false);
        again.destroy();
      }
    },
  );

  it.each(MTLS_LISTENERS)('T3: nobody renegotiates with %s, on either listener', async (app) => {
    for (const listener of ['PORT', 'MTLS_PORT']) {
      const port = Number(stack.running.settings[app][listener]);
      const socket = await opened({ port, maxVersion: 'TLSv1.2', ...certificate });
      const outcome = new Promise((resolve) => {
        socket.once('error', () => resolve('refused')).once('close', () => resolve('closed'));
        socket.resume();
        socket.renegotiate({}, (error) => resolve(error ? 'refused' : 'renegotiated'));
      });
      expect(await outcome).not.toBe('renegotiated');
      socket.destroy();
    }
  });

  it.each(MTLS_LISTENERS)('T1, T2: %s speaks TLS 1.3 by itself, 1.2 if it must, and nothing older', async (app) => {
    const versionOf = async (options: ConnectionOptions) => {
      const socket = await opened({ port: portOf(app), ...certificate, ...options });
      const protocol = socket.getProtocol();
      socket.destroy();
      return protocol;
    };
    expect(await versionOf({})).toBe('TLSv1.3');
    expect(await versionOf({ maxVersion: 'TLSv1.2' })).toBe('TLSv1.2');
    // the client would: SECLEVEL=0 allows what OpenSSL itself no longer does
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(versionOf(old)).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
    // T2: no CBC
    const weak = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' } as const;
    await expect(versionOf(weak)).rejects.toMatchObject({ code: expect.stringMatching(/ALERT_HANDSHAKE_FAILURE$/) });
  });

  // Node keeps the first and says nothing
  it('R1: two Authorization headers are 400, whichever of them is good', async () => {
    const good = `Bearer ${await stack.accessToken(partner)}`;
    for (const [one, two] of [
      [good, 'Bearer x'],
      ['Bearer x', good],
      [good, good],
    ] as const) {
      const call = httpsRequest(`${urls.resource}/v1/shipments`, {
        ca: serverCa,
        ...certificate,
        agent: false,
        headers: ['host', new URL(urls.resource).host, 'authorization', one, 'authorization', two],
      });
      call.end();
      const [answer] = (await once(call, 'response')) as [IncomingMessage];
      expect(answer.statusCode).toBe(400);
      expect(answer.headers['www-authenticate']).toContain('error="invalid_request"');
      expect(JSON.parse(await text(answer))).toMatchObject({ code: 'invalid_request' });
    }
  });
});
