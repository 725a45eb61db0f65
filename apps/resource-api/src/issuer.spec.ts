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

/** Short, because the API that is left without news has to wait for its end. */
const MAX_AGE_S = 3;
const SOON = { timeout: 240_000 };
const CLIENT = `cli_${'b'.repeat(32)}`;

let api: TestResourceApi;
let certificate: Issued;

beforeAll(async () => {
  api = await startResourceApi();
  certificate = await api.authority.issueClient({ subject: 'CN=partner' });
});

afterAll(() => api?.stop());

const tokenFor = (clientId: string) =>
  api.issuer.mint({ certificate, clientId, audience: AUDIENCE, scopes: [SCOPES.read] });
const call = (token: string) => api.call('/v1/shipments', { certificate, token });

async function gauge(name: string, of = api): Promise<number> {
  const [, value] = new RegExp(`^${name}\\{[^}]*\\} (.+)$`, 'm').exec(await of.metrics())!;
  return Number(value);
}

describe('revocations', () => {
  it('R2: a revoked token is refused, and the log says by which check; one from after the cutoff is not', async () => {
    const token = await tokenFor(CLIENT);
    expect((await call(token)).status).toBe(200);
    const seq = api.issuer.revoke({ kind: 'client', subject: { client_id: CLIENT } });
    await vi.waitFor(async () => expect((await call(token)).status).toBe(401), SOON);
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
    await vi.waitFor(async () => expect((await call(await tokenFor(CLIENT))).status).toBe(200), SOON);
    expect((await call(old)).status).toBe(401);
  });

  it('are followed over a connection that is kept', async () => {
    const port = new URL(api.issuer.issuer).port;
    let opened = 0;
    const count = (message: unknown) => {
      if ((message as { connectParams: { port: string } }).connectParams.port === port) opened++;
    };
    const polls = () => api.issuer.requests.filter(({ path }) => path === '/revocations').length;
    const before = polls();
    subscribe('undici:client:connected', count);
    while (polls() <= before + 10) {
      const asked = polls();
      api.issuer.revoke({ kind: 'client', subject: { client_id: `cli_${String(asked).padStart(32, '0')}` } });
      await vi.waitFor(() => expect(polls()).toBeGreaterThan(asked), SOON);
    }
    unsubscribe('undici:client:connected', count);
    expect(opened).toBeLessThan(2);
  });
});

describe('revocations of an issuer that does not answer any more', () => {
  let cutOff: TestResourceApi;
  beforeAll(async () => {
    cutOff = await startResourceApi({ maxAge: MAX_AGE_S });
  });
  afterAll(() => cutOff?.stop());

  it('R9: unheard of for too long, nobody is served and the API is not ready; it recovers by itself', async () => {
    const own = await cutOff.authority.issueClient({ subject: 'CN=partner' });
    const scopes = [SCOPES.read];
    const token = await cutOff.issuer.mint({ certificate: own, clientId: CLIENT, audience: AUDIENCE, scopes });
    const ask = () => cutOff.call('/v1/shipments', { certificate: own, token });
    const logged = (event: string) => cutOff.log.filter((line) => line['event'] === event);
    await vi.waitFor(async () => expect((await ask()).status).toBe(200), SOON);
    await cutOff.issuer.stopAnswering();
    await vi.waitFor(async () => expect((await ask()).status).toBe(503), SOON);
    expect((await ask()).headers['retry-after']).toMatch(/^\d+$/);
    expect(await cutOff.readiness()).toMatchObject({
      status: 503,
      body: { checks: { revocations: 'failed', database: 'ok' } },
    });
    expect(await gauge('revocation_feed_age_seconds', cutOff)).toBeGreaterThan(MAX_AGE_S);
    await vi.waitFor(() => {
      const err = expect.objectContaining({ code: 'no_answer' }) as unknown;
      expect(logged('unreachable').at(-1)).toMatchObject({ level: 'warn', err });
      expect(logged('stale').at(-1)).toMatchObject({ level: 'warn' });
    }, SOON);
    await cutOff.issuer.answerAgain();
    await vi.waitFor(async () => expect((await ask()).status).toBe(200), SOON);
    await vi.waitFor(async () => expect((await cutOff.readiness()).status).toBe(200), SOON);
    expect(logged('fresh').length).toBeGreaterThan(1);
  });
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
