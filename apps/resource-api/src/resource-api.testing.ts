import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tlsSocket } from '@partner-ecosystem/mtls-binding';
import { startTestIssuer, type TestIssuer } from '@partner-ecosystem/mtls-binding/testing';
import { LimitsPolicy } from '@partner-ecosystem/platform/limits';
import { createLogger } from '@partner-ecosystem/platform/logging';
import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { Agent, request, type Dispatcher } from 'undici';
import { expect, vi } from 'vitest';
import type { ServiceConfig } from './configuration/config.js';
import { startDatabase, type TestDatabase } from './database/database.testing.js';
import { serveResourceApi } from './serve-resource-api.js';

export const AUDIENCE = 'https://localhost:9445';

const UNLIMITED = new LimitsPolicy({ perClient: { perSecond: 100_000, burst: 100_000 } });

export interface TestRequest {
  listener?: 'tls' | 'mtls';
  method?: Dispatcher.HttpMethod;
  certificate?: Issued;
  token?: string;
  /** sent as JSON */
  body?: unknown;
}

export interface TestAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  // Whatever came back, for specs to compare.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

/** The real API: real TLS, real Postgres, the real guard, and an issuer made for the occasion. */
export interface TestResourceApi {
  authority: Authority;
  /** what it was started with */
  config: ServiceConfig;
  issuer: TestIssuer;
  database: TestDatabase;
  /** lines of its log, parsed */
  log: Array<Record<string, unknown>>;
  call(path: string, request?: TestRequest): Promise<TestAnswer>;
  readiness(): Promise<TestAnswer>;
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

/** @param maxAge seconds that its issuer lets a guard go on without news */
export async function startResourceApi({ maxAge = 30, limits = UNLIMITED } = {}): Promise<TestResourceApi> {
  const [authority, database, folder] = await Promise.all([
    createAuthority({ name: 'Test Authority' }),
    startDatabase(),
    mkdtemp(join(tmpdir(), 'resource-api-')),
  ]);
  const server = await authority.issueServer({ names: ['localhost'] });
  const issuer = await startTestIssuer({ server, ca: authority.certificatePem, maxAge });
  const files = await written(folder, 'server', server);
  const clientCertificate = await written(folder, 'client', await authority.issueClient({ subject: 'CN=api' }));
  const log: Array<Record<string, unknown>> = [];
  const write = (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>);
  const local = { host: '127.0.0.1', port: 0, ...files };
  const config: ServiceConfig = {
    logLevel: 'info',
    databaseUrl: database.runtimeUrl,
    listeners: [
      { ...local, name: 'tls', requestClientCertificate: false },
      { ...local, name: 'mtls', requestClientCertificate: true },
    ],
    management: { host: '127.0.0.1', port: 0 },
    shutdown: { drainMs: 0, deadlineMs: 60_000 },
    limits,
    binding: {
      issuer: issuer.issuer,
      jwksUri: issuer.jwksUri,
      issuerCa: authority.certificatePem,
      audience: AUDIENCE,
      certificateSource: tlsSocket(),
      clientId: `cli_${'e'.repeat(32)}`,
      clientCertificate,
    },
  };
  const running = await serveResourceApi(
    config,
    createLogger({ name: 'resource-api', version: 'test', level: 'info', destination: { write } }),
  );
  const portOf = (name: string) => running.addresses[name]!.port;
  const manage = (path: string) => callOver(authority, `http://127.0.0.1:${portOf('management')}${path}`, {});
  // An API that serves does not answer before it follows the revocations.
  await vi.waitFor(async () => expect((await manage('/readyz')).status).toBe(200), { timeout: 240_000, interval: 10 });
  return {
    authority,
    config,
    issuer,
    database,
    log,
    call: (path, sent = {}) => callOver(authority, `https://localhost:${portOf(sent.listener ?? 'mtls')}${path}`, sent),
    readiness: () => manage('/readyz'),
    metrics: async () => (await manage('/metrics')).body as string,
    stop: async () => {
      await running.stop();
      await Promise.all([issuer.stop(), database.stop(), rm(folder, { recursive: true })]);
    },
  };
}

async function written(folder: string, name: string, { chainPem, privateKeyPem }: Issued) {
  const files = { certFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) };
  await writeFile(files.certFile, chainPem);
  await writeFile(files.keyFile, privateKeyPem, { mode: 0o600 });
  return files;
}

async function callOver(authority: Authority, url: string, sent: TestRequest): Promise<TestAnswer> {
  const { certificate, token, body } = sent;
  const connect = { ca: authority.certificatePem, cert: certificate?.chainPem, key: certificate?.privateKeyPem };
  const dispatcher = new Agent({ connect });
  try {
    const answer = await request(url, {
      dispatcher,
      method: sent.method ?? 'GET',
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    const isJson = /json/.test(String(answer.headers['content-type']));
    return { status: answer.statusCode, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  } finally {
    await dispatcher.close();
  }
}
