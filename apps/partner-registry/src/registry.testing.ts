import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tlsSocket } from '@partner-ecosystem/mtls-binding';
import { createLogger } from '@partner-ecosystem/platform/logging';
import type { RunningApp } from '@partner-ecosystem/platform/serve';
import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { Agent, request, type Dispatcher } from 'undici';
import type { ServiceConfig } from './config.js';
import { startDatabase, type TestDatabase } from './database/database.testing.js';
import { startIssuer, type TestIssuer } from './issuer.testing.js';
import { bootstrapOperator } from './operators/bootstrap-operator.js';
import { REGISTRY_SCOPES } from './operators/registry-scopes.js';
import { servePartnerRegistry } from './serve-partner-registry.js';

export const AUDIENCE = 'https://localhost:9444';
export const SHIPMENTS = 'https://localhost:9445';
export const EVERY_SCOPE: readonly string[] = REGISTRY_SCOPES.map(({ name }) => name);

export interface TestRequest {
  listener?: 'tls' | 'mtls';
  method?: Dispatcher.HttpMethod;
  /** default: the operator's; null: none */
  certificate?: Issued | null;
  /** default: the operator's, with every scope; null: none */
  token?: string | null;
  headers?: Record<string, string>;
  /** sent as JSON */
  json?: unknown;
  /** sent as it is, with its content type */
  raw?: { type: string; text: string | Buffer };
}

export interface TestAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  // Whatever came back, for specs to compare.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

/** The real registry: real TLS, real Postgres, the real guard, and an issuer made for the occasion. */
export interface TestRegistry {
  authority: Authority;
  issuer: TestIssuer;
  database: TestDatabase;
  operator: Issued;
  operatorClientId: string;
  /** its log, as text */
  log: string[];
  call(path: string, request?: TestRequest): Promise<TestAnswer>;
  post(path: string, json: unknown, request?: TestRequest): Promise<TestAnswer>;
  /** a merge patch, with If-Match unless the version is null */
  patch(path: string, json: unknown, version: number | null, request?: TestRequest): Promise<TestAnswer>;
  /** the operator's token with these scopes only */
  tokenWith(...scopes: string[]): Promise<string>;
  readiness(): Promise<TestAnswer>;
  /** another process of the registry, so to speak, over the same database: how to call it. Ends with the first one. */
  startReplica(): Promise<TestRegistry['call']>;
  stop(): Promise<void>;
}

export async function startRegistry(): Promise<TestRegistry> {
  const [authority, database, folder] = await Promise.all([
    createAuthority({ name: 'Test Authority' }),
    startDatabase(),
    mkdtemp(join(tmpdir(), 'partner-registry-')),
  ]);
  const [issuer, operator] = await Promise.all([startIssuer(authority), issueOperator(authority)]);
  const { operator_client_id: operatorClientId } = await bootstrap(database.runtimeUrl, operator);
  const log: string[] = [];
  const config = { databaseUrl: database.runtimeUrl, ...(await testConfig(authority, issuer, folder)) };
  const destination = { write: (line: string) => void log.push(line) };
  const logger = createLogger({ name: 'partner-registry', version: 'test', level: 'info', destination });
  const running = await servePartnerRegistry(config, logger);
  const replicas: RunningApp[] = [];
  const tokenWith = (...scopes: string[]) => issuer.issueToken({ certificate: operator, scopes, audience: AUDIENCE });
  const token = await tokenWith(...EVERY_SCOPE);
  const callsTo =
    (app: RunningApp) =>
    (path: string, sent: TestRequest = {}) => {
      const url = `https://localhost:${app.addresses[sent.listener ?? 'mtls']!.port}${path}`;
      return callOver(authority, url, { certificate: operator, token, ...sent });
    };
  const call = callsTo(running);
  return {
    ...{ authority, issuer, database, operator, operatorClientId, log, call, tokenWith },
    post: (path, json, sent) => call(path, { method: 'POST', json, ...sent }),
    patch: (path, json, version, sent) =>
      call(path, {
        method: 'PATCH',
        raw: { type: 'application/merge-patch+json', text: JSON.stringify(json) },
        ...(version === null ? {} : { headers: { 'if-match': `"${version}"` } }),
        ...sent,
      }),
    readiness: () => callOver(authority, `http://127.0.0.1:${running.addresses['management']!.port}/readyz`, {}),
    startReplica: async () => {
      const replica = await servePartnerRegistry(config, logger);
      replicas.push(replica);
      return callsTo(replica);
    },
    stop: async () => {
      await Promise.all([running, ...replicas].map((app) => app.stop()));
      await Promise.all([issuer.stop(), database.stop(), rm(folder, { recursive: true })]);
    },
  };
}

export function issueOperator(authority: Authority): Promise<Issued> {
  return authority.issueClient({ subject: 'CN=operator,O=Platform' });
}

export function bootstrap(databaseUrl: string, operator: Issued) {
  return bootstrapOperator({
    databaseUrl,
    audience: AUDIENCE,
    operatorCertificate: operator.certificatePem,
    resourceServers: [
      {
        audience: SHIPMENTS,
        name: 'Shipments',
        environment: 'production',
        scopes: [
          { name: 'shipments:read', description: 'See shipments.' },
          { name: 'shipments:write', description: 'Book shipments.' },
        ],
      },
    ],
    now: new Date(),
  });
}

/** What the environment would say, with every port left to the system. */
export async function testConfig(
  authority: Authority,
  issuer: Pick<TestIssuer, 'issuer' | 'jwksUri'>,
  folder: string,
): Promise<Omit<ServiceConfig, 'databaseUrl'>> {
  const server = await authority.issueServer({ names: ['localhost'] });
  const files = { certFile: join(folder, 'server.crt'), keyFile: join(folder, 'server.key') };
  await writeFile(files.certFile, server.chainPem);
  await writeFile(files.keyFile, server.privateKeyPem, { mode: 0o600 });
  const local = { host: '127.0.0.1', port: 0, ...files };
  return {
    logLevel: 'info',
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
  };
}

async function callOver(authority: Authority, url: string, sent: TestRequest): Promise<TestAnswer> {
  const { certificate, token, json } = sent;
  const raw = sent.raw ?? (json === undefined ? undefined : { type: 'application/json', text: JSON.stringify(json) });
  const connect = { ca: authority.certificatePem, cert: certificate?.chainPem, key: certificate?.privateKeyPem };
  const dispatcher = new Agent({ connect });
  try {
    const answer = await request(url, {
      dispatcher,
      method: sent.method ?? 'GET',
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(raw ? { 'content-type': raw.type } : {}),
        ...sent.headers,
      },
      ...(raw ? { body: raw.text } : {}),
    });
    const text = await answer.body.text();
    const isJson = /[/+]json\b/.test(String(answer.headers['content-type']));
    return { status: answer.statusCode, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  } finally {
    await dispatcher.close();
  }
}
