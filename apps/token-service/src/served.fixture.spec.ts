import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@partner-ecosystem/platform/logging';
import type { RunningApp } from '@partner-ecosystem/platform/serve';
import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { expect, vi } from 'vitest';
import { RegisteredClientsPolicy } from './clients/registered-clients/registered-clients-policy.js';
import { RegisteredClients } from './clients/registered-clients/registered-clients.js';
import { serviceConfig, type ServiceConfig } from './configuration/config.js';
import { RevocationFeedPolicy } from './revocation-feed/revocation-feed-policy.js';
import { serveTokenService } from './serve-token-service.js';

/** The files a process needs, and who may call it. */
export interface Stage {
  readonly authority: Authority;
  readonly folder: string;
  /** Variables of the service but DATABASE_URL; every port is chosen by the system. */
  readonly variables: Record<string, string>;
  remove(): Promise<void>;
}

export async function createStage(): Promise<Stage> {
  const authority = await createAuthority({ name: 'CA' });
  const folder = await mkdtemp(join(tmpdir(), 'token-service-'));
  const server = await authority.issueServer({ names: ['localhost'] });
  const [TLS_CERT_FILE, TLS_KEY_FILE, KEY_ENCRYPTION_KEY_FILE] = ['tls.crt', 'tls.key', 'kek'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await writeFile(TLS_CERT_FILE, server.chainPem);
  await writeFile(TLS_KEY_FILE, server.privateKeyPem, { mode: 0o600 });
  await writeFile(KEY_ENCRYPTION_KEY_FILE, randomBytes(32).toString('base64url'), { mode: 0o600 });
  const variables = {
    HOST: '127.0.0.1',
    PORT: '0',
    MTLS_PORT: '0',
    MANAGEMENT_PORT: '0',
    CERTIFICATE_SOURCE: 'socket',
    ISSUER: 'https://issuer.test',
    MTLS_BASE_URL: 'https://mtls.issuer.test',
    SIGNING_ALGORITHMS: 'ES256',
    SHUTDOWN_DRAIN_MS: '0',
    SHUTDOWN_DEADLINE_MS: '60000',
    TLS_CERT_FILE,
    TLS_KEY_FILE,
    KEY_ENCRYPTION_KEY_FILE,
  };
  return { authority, folder, variables, remove: () => rm(folder, { recursive: true }) };
}

/** Registered clients, with limits that a slow machine does not reach; a spec about one of them gives its own. */
export const patientClients = (given: Partial<RegisteredClientsPolicy> = {}): RegisteredClientsPolicy =>
  new RegisteredClientsPolicy({ maxAgeMs: 120_000, patienceMs: 60_000, loadMs: 60_000, ...given });

/** The same for the feed of revocations. */
export const patientFeed = (given: Partial<RevocationFeedPolicy> = {}): RevocationFeedPolicy =>
  new RevocationFeedPolicy({ patienceMs: 60_000, currentMs: 30_000, signableMs: 30_000, ...given });

export interface Served extends RunningApp {
  readonly lines: Record<string, unknown>[];
}

export async function serveOn(
  stage: Stage,
  databaseUrl: string,
  changes: Partial<ServiceConfig> = {},
): Promise<Served> {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  const config = serviceConfig({ ...stage.variables, DATABASE_URL: databaseUrl });
  const logger = createLogger({ name: 'token-service', version: 'spec', level: 'info', destination });
  const patient = { registeredClients: patientClients(), revocationFeed: patientFeed() };
  const running = await serveTokenService({ ...config, ...patient, ...changes }, logger);
  const { cache } = running.app.get(RegisteredClients, { strict: false });
  // Else what is asked first would not be remembered.
  await vi.waitFor(() => expect(cache.isBelieved).toBe(true), { timeout: 240_000, interval: 10 });
  return { ...running, lines };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export interface Call {
  readonly port: number;
  readonly ca: string;
  readonly as?: Issued | undefined;
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly agent?: Agent;
}

/** One request over mutual TLS, on a connection of its own unless there is an agent. */
export function call({ port, ca, as, method = 'POST', path = '/token', body, headers, agent }: Call): Promise<Answer> {
  const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  const tls = { ca, ...(as ? { cert: as.chainPem, key: as.privateKeyPem } : {}) };
  return new Promise((resolve, reject) => {
    const target = { host: 'localhost', port, method, path, headers: { ...type, ...headers }, agent: agent ?? false };
    httpsRequest({ ...target, ...tls }, (response) => answerOf(response).then(resolve, reject))
      .on('error', reject)
      .end(body);
  });
}

export function management(app: RunningApp, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = app.addresses['management']!;
    httpRequest({ host: '127.0.0.1', port, path, agent: false }, (response) => answerOf(response).then(resolve, reject))
      .on('error', reject)
      .end();
  });
}

async function answerOf(response: IncomingMessage): Promise<Answer> {
  let text = '';
  for await (const chunk of response) text += String(chunk);
  const json = response.headers['content-type']?.includes('json');
  const body = json ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.statusCode!, headers: response.headers, text, body };
}

export const tokenForm = (clientId: string, more = '') =>
  `grant_type=client_credentials&client_id=${encodeURIComponent(clientId)}${more}`;
