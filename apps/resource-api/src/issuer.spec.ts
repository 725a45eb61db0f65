import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '@partner-ecosystem/platform/config';
import { createLogger } from '@partner-ecosystem/platform/logging';
import type { Issued } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SCOPES } from './protected-resource/scopes.js';
import { AUDIENCE, startResourceApi, type TestResourceApi } from './resource-api.testing.js';
import { serveResourceApi } from './serve-resource-api.js';

const MAX_AGE_S = 2;
const CLIENT = `cli_${'b'.repeat(32)}`;

let api: TestResourceApi;
let certificate: Issued;

beforeAll(async () => {
  api = await startResourceApi({ maxAge: MAX_AGE_S });
  certificate = await api.authority.issueClient({ subject: 'CN=partner' });
}, 120_000);

afterAll(() => api?.stop());

const tokenFor = (clientId: string) =>
  api.issuer.mint({ certificate, clientId, audience: AUDIENCE, scopes: [SCOPES.read] });
const call = (token: string) => api.call('/v1/shipments', { certificate, token });
const logged = (event: string) => api.log.filter((line) => line['event'] === event);

async function gauge(name: string): Promise<number> {
  const [, value] = new RegExp(`^${name}\\{[^}]*\\} (.+)$`, 'm').exec(await api.metrics())!;
  return Number(value);
}

describe('revocations', () => {
  it('R2: a revoked token is refused, and the log says by which check; one from after the cutoff is not', async () => {
    const token = await tokenFor(CLIENT);
    expect((await call(token)).status).toBe(200);
    const seq = api.issuer.revoke({ kind: 'client', subject: { client_id: CLIENT } });
    await vi.waitFor(async () => expect((await call(token)).status).toBe(401));
    const { body } = await call(token);
    expect(body.code).toBe('invalid_token');
    expect(JSON.stringify(api.log.filter(({ request_id }) => request_id === body.request_id))).toContain(
      'token_revoked',
    );
    expect(await gauge('revocation_feed_seq')).toBe(seq);
    expect(await gauge('revocation_feed_entries')).toBe(1);
    const issuedBefore = new Date(Date.now() - 1_000);
    api.issuer.revoke({ kind: 'client', subject: { client_id: CLIENT }, mode: 'cutoff', issuedBefore });
    const issuedAt = new Date(issuedBefore.getTime() - 10_000);
    const old = await api.issuer.mint({
      certificate,
      clientId: CLIENT,
      audience: AUDIENCE,
      scopes: [SCOPES.read],
      issuedAt,
    });
    await vi.waitFor(async () => expect((await call(await tokenFor(CLIENT))).status).toBe(200));
    expect((await call(old)).status).toBe(401);
  });

  it('R9: unheard of for too long, nobody is served and the API is not ready; it recovers by itself', async () => {
    const token = await tokenFor(`cli_${'d'.repeat(32)}`);
    expect((await call(token)).status).toBe(200);
    await api.issuer.stopAnswering();
    await vi.waitFor(async () => expect((await call(token)).status).toBe(503), { timeout: 2 * MAX_AGE_S * 1_000 });
    expect((await call(token)).headers['retry-after']).toMatch(/^\d+$/);
    expect(await api.readiness()).toMatchObject({
      status: 503,
      body: { checks: { revocations: 'failed', database: 'ok' } },
    });
    expect(await gauge('revocation_feed_age_seconds')).toBeGreaterThan(MAX_AGE_S);
    expect([logged('unreachable'), logged('stale')]).toEqual([
      [expect.objectContaining({ level: 'warn', err: expect.objectContaining({ code: 'no_answer' }) })],
      [expect.objectContaining({ level: 'warn' })],
    ]);
    await api.issuer.answerAgain();
    await vi.waitFor(async () => expect((await call(token)).status).toBe(200), { timeout: 10_000 });
    expect((await api.readiness()).status).toBe(200);
    expect(logged('fresh')).toHaveLength(2);
  }, 30_000);

  it('are followed over a connection that is kept', async () => {
    const port = new URL(api.issuer.issuer).port;
    let opened = 0;
    const count = (message: unknown) => {
      if ((message as { connectParams: { port: string } }).connectParams.port === port) opened++;
    };
    const polls = () => api.issuer.requests.filter(({ path }) => path === '/revocations').length;
    const before = polls();
    subscribe('undici:client:connected', count);
    await vi.waitFor(() => expect(polls()).toBeGreaterThan(before + 10), { timeout: 10_000 });
    unsubscribe('undici:client:connected', count);
    expect(opened).toBeLessThan(2);
  }, 15_000);
});

it('the days that the own client certificate has left are in the metrics', async () => {
  expect(await gauge('tls_client_certificate_days_left')).toBeGreaterThan(0);
});

describe('a client certificate that cannot be used', () => {
  it('stops the boot with a sentence', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'resource-api-client-'));
    try {
      const other = await api.authority.issueClient({ subject: 'CN=other' });
      const files = { certFile: join(folder, 'client.crt'), keyFile: join(folder, 'client.key') };
      await writeFile(files.certFile, certificate.chainPem);
      await writeFile(files.keyFile, other.privateKeyPem);
      const logger = createLogger({ name: 'resource-api', version: 'test', level: 'silent' });
      const config = { ...api.config, binding: { ...api.config.binding, clientCertificate: files } };
      await expect(serveResourceApi(config, logger)).rejects.toThrow(
        new ConfigurationError(['The private key of outgoing calls does not belong to its certificate.']),
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
