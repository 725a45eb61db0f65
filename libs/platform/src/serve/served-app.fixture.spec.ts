import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request, type RequestOptions } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, type Authority } from '@partner-ecosystem/test-pki';
import { createLogger } from '../logging/index.js';
import { serve, type RunningApp, type ServeOptions } from './index.js';

export type LogLine = Record<string, unknown> & { err?: Record<string, unknown> };

export interface ServedApp extends RunningApp {
  ca: string;
  authority: Authority;
  lines: LogLine[];
  port(listener: string): number;
}

let madeAuthority: Promise<Authority> | undefined;

export function testAuthority(): Promise<Authority> {
  return (madeAuthority ??= createAuthority({ name: 'Platform spec CA' }));
}

/** Certificate and key files of `localhost` in a folder that is removed when `use` has ended. */
export async function withServerFiles<T>(
  use: (files: { certFile: string; keyFile: string }) => Promise<T>,
): Promise<T> {
  const server = await (await testAuthority()).issueServer({ names: ['localhost', '127.0.0.1'] });
  const folder = await mkdtemp(join(tmpdir(), 'platform-spec-'));
  const files = { certFile: join(folder, 'server.crt'), keyFile: join(folder, 'server.key') };
  try {
    await writeFile(files.certFile, server.chainPem);
    await writeFile(files.keyFile, server.privateKeyPem, { mode: 0o600 });
    return await use(files);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The module on two listeners, `tls` and `mtls`, on ports the system chose. */
export async function served(module: ServeOptions['module'], options: Partial<ServeOptions> = {}): Promise<ServedApp> {
  const authority = await testAuthority();
  const lines: LogLine[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as LogLine) };
  const at = { host: '127.0.0.1', port: 0 };
  const running = await withServerFiles((files) =>
    serve({
      name: 'spec',
      version: '1.2.3',
      module,
      logger: createLogger({ name: 'spec', version: '1.2.3', level: 'trace', destination }),
      listeners: [
        { name: 'tls', ...at, ...files, requestClientCertificate: false },
        { name: 'mtls', ...at, ...files, requestClientCertificate: true },
      ],
      management: at,
      shutdown: { drainMs: 0, deadlineMs: 2_000 },
      readiness: () => [],
      ...options,
    }),
  );
  const port = (listener: string) => running.addresses[listener]!.port;
  return { ...running, ca: authority.bundlePem, authority, lines, port };
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  json: Record<string, unknown>;
}

export interface Call extends RequestOptions {
  body?: string;
}

/** One request on a connection of its own. */
export function call(app: ServedApp, listener: string, path: string, options: Call = {}): Promise<Answer> {
  const { body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const target = { host: '127.0.0.1', servername: 'localhost', port: app.port(listener), path, ca: app.ca };
    const sent = request({ agent: new Agent({ maxCachedSessions: 0 }), ...target, ...rest }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const json = response.headers['content-type']?.includes('json') ? (JSON.parse(text || '{}') as object) : {};
        resolve({ status: response.statusCode!, headers: response.headers, text, json: json as Answer['json'] });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

export function post(app: ServedApp, listener: string, path: string, type: string, body: string): Promise<Answer> {
  return call(app, listener, path, { method: 'POST', headers: { 'content-type': type }, body });
}
