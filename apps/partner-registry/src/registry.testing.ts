import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tlsSocket } from '@partner-ecosystem/mtls-binding';
import { startTestIssuer, type TestIssuer } from '@partner-ecosystem/mtls-binding/testing';
import { PermittedNetworks } from '@partner-ecosystem/platform/http-client';
import { LimitsPolicy } from '@partner-ecosystem/platform/limits';
import { createLogger } from '@partner-ecosystem/platform/logging';
import type { RunningApp } from '@partner-ecosystem/platform/serve';
import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import type { Dispatcher } from 'undici';
import { expect, vi } from 'vitest';
import { callOver } from './call-over.testing.js';
import type { ServiceConfig } from './configuration/config.js';
import { expectDocumented } from './documented-refusals.testing.js';
import { startDatabase, type TestDatabase } from './database/database.testing.js';
import { bootstrapOperator } from './platform-identity/bootstrap-operator.js';
import { REGISTRY_SCOPES } from './http/registry-scopes.js';
import { ScheduledWork, type ScheduledTask } from './scheduled-work/scheduled-work.js';
import { servePartnerRegistry } from './serve-partner-registry.js';

const DAY_MS = 86_400_000;

export const AUDIENCE = 'https://localhost:9444';
export const SHIPMENTS = 'https://localhost:9445';
export const EVERY_SCOPE: readonly string[] = REGISTRY_SCOPES.map(({ name }) => name);

export interface TestRequest {
  /** `http`: without TLS */
  listener?: 'tls' | 'mtls' | 'http';
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
  /** the registry's own client, which follows the revocations */
  registryClientId: string;
  /** its log, as text */
  log: string[];
  call(path: string, request?: TestRequest): Promise<TestAnswer>;
  post(path: string, json: unknown, request?: TestRequest): Promise<TestAnswer>;
  /** an action, with `If-Match: *` unless the request has another */
  act(path: string, json: unknown, request?: TestRequest): Promise<TestAnswer>;
  /** a merge patch, with If-Match unless the version is null */
  patch(path: string, json: unknown, version: number | null, request?: TestRequest): Promise<TestAnswer>;
  /** the operator's token with these scopes only */
  tokenWith(...scopes: string[]): Promise<string>;
  readiness(): Promise<TestAnswer>;
  /** what /metrics says, as text */
  metrics(): Promise<string>;
  /** another process of the registry, so to speak, over the same database: how to call it. Ends with the first one. */
  startReplica(): Promise<TestRegistry['call']>;
  /** until every replica has begun and ended another round of each task that comes every few seconds */
  anotherRound(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRegistry(settings: Partial<ServiceConfig> = {}): Promise<TestRegistry> {
  const [authority, database, folder] = await Promise.all([
    createAuthority({ name: 'Test Authority' }),
    startDatabase(),
    mkdtemp(join(tmpdir(), 'partner-registry-')),
  ]);
  const server = await authority.issueServer({ names: ['localhost'] });
  const issuer = await startTestIssuer({ server, ca: authority.certificatePem });
  const [operator, itself] = await Promise.all([issueOperator(authority), issueRegistry(authority)]);
  const bootstrapped = await bootstrap(database.runtimeUrl, operator, itself, issuer.issuer);
  const { operator_client_id: operatorClientId, registry_client_id: registryClientId } = bootstrapped;
  const log: string[] = [];
  const config = {
    databaseUrl: database.runtimeUrl,
    ...(await testConfig(authority, issuer, folder, registryClientId)),
    ...settings,
  };
  const destination = { write: (line: string) => void log.push(line) };
  const logger = createLogger({ name: 'partner-registry', version: 'test', level: 'info', destination });
  const running = await servePartnerRegistry(config, logger);
  await untilReady(running);
  const replicas: RunningApp[] = [];
  const tokenWith = (...scopes: string[]) =>
    issuer.mint({ certificate: operator, scopes, audience: AUDIENCE, lifetime: 12 * 3_600 });
  const token = await tokenWith(...EVERY_SCOPE);
  const callsTo =
    (app: RunningApp) =>
    async (path: string, sent: TestRequest = {}) => {
      const { listener = 'mtls' } = sent;
      const scheme = listener === 'http' ? 'http' : 'https';
      const host = listener === 'http' ? '127.0.0.1' : 'localhost';
      const url = `${scheme}://${host}:${app.addresses[listener]!.port}${path}`;
      const answer = await callOver(authority, url, { certificate: operator, token, ...sent });
      // No route is on another listener but those that are open to everybody.
      if (listener === 'mtls') expectDocumented(sent.method ?? 'GET', path, answer);
      return answer;
    };
  const call = callsTo(running);
  return {
    authority,
    issuer,
    database,
    operator,
    operatorClientId,
    registryClientId,
    log,
    call,
    tokenWith,
    post: (path, json, sent) => call(path, { method: 'POST', json, ...sent }),
    act: (path, json, sent) =>
      call(path, { method: 'POST', json, ...sent, headers: { 'if-match': '*', ...sent?.headers } }),
    patch: (path, json, version, sent) =>
      call(path, {
        method: 'PATCH',
        raw: { type: 'application/merge-patch+json', text: JSON.stringify(json) },
        ...(version === null ? {} : { headers: { 'if-match': `"${version}"` } }),
        ...sent,
      }),
    readiness: () => callOver(authority, `${managementUrl(running)}/readyz`, {}),
    metrics: async () => (await fetch(`${managementUrl(running)}/metrics`)).text(),
    startReplica: async () => {
      const replica = await servePartnerRegistry(config, logger);
      replicas.push(replica);
      await untilReady(replica);
      return callsTo(replica);
    },
    anotherRound: async () => {
      const works = [running, ...replicas].map(({ app }) => app.get(ScheduledWork));
      // The first round to end may have begun before.
      for (let round = 0; round < 2; round++) await untilRoundEnded(works, performance.now());
    },
    stop: async () => {
      await Promise.all([running, ...replicas].map((app) => app.stop()));
      await Promise.all([issuer.stop(), database.stop(), rm(folder, { recursive: true })]);
    },
  };
}

const managementUrl = (app: RunningApp): string => `http://127.0.0.1:${app.addresses['management']!.port}`;

async function untilRoundEnded(works: readonly ScheduledWork[], since: number): Promise<void> {
  const isAwaited = ({ everyMs }: ScheduledTask) => everyMs < 10_000;
  await vi.waitFor(
    () => {
      const ages = works.flatMap((work) => work.tasks.filter(isAwaited).map(({ name }) => work.ages().get(name)!));
      expect(Math.max(...ages) * 1_000).toBeLessThan(performance.now() - since);
    },
    { timeout: 240_000 },
  );
}

// A registry that serves does not answer before it follows the revocations.
async function untilReady(app: RunningApp): Promise<void> {
  while ((await fetch(`${managementUrl(app)}/readyz`)).status !== 200) await sleep(10); // a pace, no limit
}

export function issueOperator(authority: Authority): Promise<Issued> {
  return authority.issueClient({ subject: 'CN=operator,O=Platform', notAfter: noNoticeYet() });
}

/** The registry's own client certificate. */
export function issueRegistry(authority: Authority): Promise<Issued> {
  return authority.issueClient({ subject: 'CN=partner-registry,O=Platform', notAfter: noNoticeYet() });
}

// A notice is an event of its own, at any moment: no spec about other events is to find it among them.
const noNoticeYet = (): Date => new Date(Date.now() + 100 * DAY_MS);

export function bootstrap(databaseUrl: string, operator: Issued, registry: Issued, issuer: string) {
  return bootstrapOperator({
    databaseUrl,
    audience: AUDIENCE,
    issuer,
    operatorCertificate: operator.certificatePem,
    registryCertificate: registry.certificatePem,
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
  clientId = `cli_${'e'.repeat(32)}`,
): Promise<Omit<ServiceConfig, 'databaseUrl'>> {
  const server = await written(folder, 'server', await authority.issueServer({ names: ['localhost'] }));
  const clientCertificate = await written(folder, 'client', await authority.issueClient({ subject: 'CN=registry' }));
  const local = { host: '127.0.0.1', port: 0, ...server };
  return {
    logLevel: 'info',
    listeners: [
      { ...local, name: 'tls', requestClientCertificate: false },
      { ...local, name: 'mtls', requestClientCertificate: true },
    ],
    plainListeners: [{ name: 'http', host: '127.0.0.1', port: 0 }],
    certificateAuthority: {
      keyEncryptionKey: undefined,
      validityMs: { sandbox: 30 * DAY_MS, production: 90 * DAY_MS },
      crlValidityMs: DAY_MS,
    },
    management: { host: '127.0.0.1', port: 0 },
    shutdown: { drainMs: 0, deadlineMs: 1_000 },
    limits: new LimitsPolicy({ perClient: { perSecond: 100_000, burst: 100_000 } }),
    auditHeads: undefined,
    crls: {
      networks: new PermittedNetworks(['127.0.0.0/8']),
      ca: undefined,
      maxBytes: 64 * 1024,
      timeoutMs: 5_000,
    },
    scheduledWork: true,
    binding: {
      issuer: issuer.issuer,
      jwksUri: issuer.jwksUri,
      issuerCa: authority.certificatePem,
      audience: AUDIENCE,
      certificateSource: tlsSocket(),
      clientId,
      clientCertificate,
    },
  };
}

async function written(folder: string, name: string, { chainPem, privateKeyPem }: Issued) {
  const files = { certFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) };
  await writeFile(files.certFile, chainPem);
  await writeFile(files.keyFile, privateKeyPem, { mode: 0o600 });
  return files;
}
