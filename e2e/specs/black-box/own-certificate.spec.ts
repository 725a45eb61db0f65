import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Issued } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { onboardPartner, type OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import { freePorts } from '../../stack/ports/free-ports.js';
import { startApp, type AppProcess } from '../../stack/processes/app-process.js';
import { startReplica, type Replica } from '../../stack/processes/replica.js';
import { clientCertificate, StackUnderTest } from './stack-under-test.js';

const stack = new StackUnderTest();
const { operator } = stack;
const { urls, settings } = stack.running;
const directory = mkdtempSync(join(tmpdir(), 'partner-ecosystem-own-'));
const SUBJECT = 'CN=another-api,O=Own certificate';
const files = { CLIENT_CERT_FILE: join(directory, 'client.crt'), CLIENT_KEY_FILE: join(directory, 'client.key') };

function install({ chainPem, privateKeyPem }: Issued): void {
  for (const [path, text] of [
    [files.CLIENT_CERT_FILE, chainPem],
    [files.CLIENT_KEY_FILE, privateKeyPem],
  ] as const) {
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
}

const act = async (path: string, reason = 'spec'): Promise<number> => {
  const answer = await operator.call(path, { json: { reason }, headers: { 'if-match': '*' } }, 200);
  return Number(answer.headers['revocation-seq']);
};

async function gauge(managementUrl: string, name: string): Promise<number> {
  const text = await (await fetch(`${managementUrl}/metrics`)).text();
  return Number(new RegExp(`^${name}\\{[^}]*\\} (.+)$`, 'm').exec(text)?.[1]);
}

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('an API whose own client certificate is renewed', () => {
  let own: OnboardedPartner;
  let replica: Replica;

  beforeAll(async () => {
    const certificate = await clientCertificate(SUBJECT);
    const names = { slug: `own-${process.pid}`, legalName: 'Another API', clientName: 'Another API' };
    const scopes = ['revocations:read'];
    own = await onboardPartner(operator, { ...names, certificate, audience: urls.issuer, scopes });
    install(certificate);
    replica = await startReplica({
      app: 'resource-api',
      directory,
      signal: AbortSignal.timeout(300_000),
      settings: { ...settings['resource-api'], ...files, CLIENT_ID: own.clientId },
    });
  });
  afterAll(() => replica?.process.stop());

  const reached = (seq: number) =>
    vi.waitFor(
      async () => expect(await gauge(replica.managementUrl, 'revocation_feed_seq')).toBeGreaterThanOrEqual(seq),
      {
        timeout: 240_000,
        interval: 50,
      },
    );

  it('follows the revocations with the new one, also when the one before is revoked', async () => {
    const next = await clientCertificate(SUBJECT);
    const certificates = `/v1/clients/${own.clientKey}/certificates`;
    await operator.call(certificates, { pem: next.certificatePem }, 201);
    install(next);
    const log = (): string => readFileSync(replica.process.logFile, 'utf8');
    await vi.waitFor(() => expect(log()).toContain('client certificate renewed'), { timeout: 240_000, interval: 100 });
    await reached(await act(`/v1/certificates/${own.certificateId}/revoke`, 'superseded'));
    // its token died with the certificate it was bound to, so it has a new one by now
    await reached(await act(`/v1/clients/${own.clientKey}/revoke-tokens`));
    await reached(await act(`/v1/clients/${own.clientKey}/revoke-tokens`));
    expect((await fetch(`${replica.managementUrl}/readyz`)).status).toBe(200);
    expect(await gauge(replica.managementUrl, 'tls_client_certificate_days_left')).toBeGreaterThan(0);
  });
});

describe('an API whose own client certificate nobody registered', () => {
  let app: AppProcess | undefined;
  afterAll(() => app?.stop());

  it('is never ready, and its log says why', async () => {
    install(await clientCertificate('CN=nobody,O=Own certificate'));
    const { tls, mtls, management } = (await freePorts())['resource-api'];
    const ports = { PORT: String(tls), MTLS_PORT: String(mtls), MANAGEMENT_PORT: String(management) };
    const logFile = join(directory, 'nobody.log');
    app = startApp({ name: 'resource-api', settings: { ...settings['resource-api'], ...files, ...ports }, logFile });
    await vi.waitFor(() => expect(readFileSync(logFile, 'utf8')).toContain('token_refused'), {
      timeout: 240_000,
      interval: 100,
    });
    const checks = { database: 'ok', issuer_keys: 'ok', revocations: 'failed' };
    await vi.waitFor(
      async () => expect(await (await fetch(`http://127.0.0.1:${management}/readyz`)).json()).toMatchObject({ checks }),
      { timeout: 240_000, interval: 100 },
    );
  });
});
