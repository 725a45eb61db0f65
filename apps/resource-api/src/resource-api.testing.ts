import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tlsSocket } from '@partner-ecosystem/mtls-binding';
import { createLogger } from '@partner-ecosystem/platform/logging';
import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { Agent, request, type Dispatcher } from 'undici';
import { startDatabase, type TestDatabase } from './database/database.testing.js';
import { startIssuer, type TestIssuer } from './issuer.testing.js';
import { serveResourceApi } from './serve-resource-api.js';

export const AUDIENCE = 'https://localhost:9445';

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
  issuer: TestIssuer;
  database: TestDatabase;
  /** lines of its log, parsed */
  log: Array<Record<string, unknown>>;
  call(path: string, request?: TestRequest): Promise<TestAnswer>;
  readiness(): Promise<TestAnswer>;
  stop(): Promise<void>;
}

export async function startResourceApi(): Promise<TestResourceApi> {
  const [authority, database, folder] = await Promise.all([
    createAuthority({ name: 'Test Authority' }),
    startDatabase(),
    mkdtemp(join(tmpdir(), 'resource-api-')),
  ]);
  const issuer = await startIssuer(authority);
  const files = await writeServerCertificate(authority, folder);
  const log: Array<Record<string, unknown>> = [];
  const write = (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>);
  const local = { host: '127.0.0.1', port: 0, ...files };
  const running = await serveResourceApi(
    {
      logLevel: 'info',
      databaseUrl: database.runtimeUrl,
      listeners: [
        { ...local, name: 'tls', requestClientCertificate: false },
        { ...local, name: 'mtls', requestClientCertificate: true },
      ],
      management: { host: '127.0.0.1', port: 0 },
      shutdown: { drainMs: 0, deadlineMs: 1_000 },
      binding: {
        issuer: issuer.issuer,
        jwksUri: issuer.jwksUri,
        issuerCa: authority.certificatePem,
        audience: AUDIENCE,
        certificateSource: tlsSocket(),
      },
    },
    createLogger({ name: 'resource-api', version: 'test', level: 'info', destination: { write } }),
  );
  const portOf = (name: string) => running.addresses[name]!.port;
  return {
    authority,
    issuer,
    database,
    log,
    call: (path, sent = {}) => callOver(authority, `https://localhost:${portOf(sent.listener ?? 'mtls')}${path}`, sent),
    readiness: () => callOver(authority, `http://127.0.0.1:${portOf('management')}/readyz`, {}),
    stop: async () => {
      await running.stop();
      await Promise.all([issuer.stop(), database.stop(), rm(folder, { recursive: true })]);
    },
  };
}

async function writeServerCertificate(authority: Authority, folder: string) {
  const server = await authority.issueServer({ names: ['localhost'] });
  const files = { certFile: join(folder, 'server.crt'), keyFile: join(folder, 'server.key') };
  await writeFile(files.certFile, server.chainPem);
  await writeFile(files.keyFile, server.privateKeyPem, { mode: 0o600 });
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
