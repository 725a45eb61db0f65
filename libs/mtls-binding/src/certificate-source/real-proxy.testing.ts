import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Authority, Issued } from '@partner-ecosystem/test-pki';

export type ProxyProgram = 'nginx' | 'haproxy';

/** Where the API listens and how the proxy gets there. */
export interface InnerHop {
  mutualTls: boolean;
  /** `127.0.0.1:8443`, or `unix:/path` */
  address: string;
  /** signed the API's server certificate, which is valid for localhost */
  authority: Authority;
  /** the proxy's own client certificate */
  proxy: Issued;
}

export interface RunningProxy {
  port: number;
  stop(): Promise<void>;
}

const DOCUMENTED: Record<ProxyProgram, string> = { nginx: 'nginx.conf', haproxy: 'haproxy.cfg' };
const START_MS = 120_000;

/**
 * Debian's nginx or HAProxy on a free port of 127.0.0.1, with the configuration that `docs/proxies` offers to copy.
 * @param edit of the configuration before its placeholders are filled in
 * @throws when the program is not installed, or does not start with this configuration
 */
export async function startProxy(
  program: ProxyProgram,
  server: Issued,
  hop: InnerHop,
  edit: (configuration: string) => string = (same) => same,
): Promise<RunningProxy> {
  const folder = mkdtempSync(join(tmpdir(), `partner-ecosystem-${program}-`));
  const port = await freePort();
  const documented = readFileSync(new URL(`../../docs/proxies/${DOCUMENTED[program]}`, import.meta.url), 'utf8');
  const configuration = join(folder, DOCUMENTED[program]);
  writeFileSync(configuration, filledIn(edit(documented), { ...files(folder, server, hop), ...words(port, hop) }));
  const child = run(program, folder, configuration);
  const stop = async (): Promise<void> => {
    await ended(child.process);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await listening(port, child);
    return { port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function words(port: number, { mutualTls, address }: InnerHop): Record<string, string> {
  return {
    listen: `127.0.0.1:${port}`,
    server_name: 'localhost',
    api_name: 'localhost',
    api_address: address,
    api_scheme: mutualTls ? 'https' : 'http',
    backend: mutualTls ? 'api_over_mutual_tls' : 'api_on_this_machine',
  };
}

function files(folder: string, server: Issued, { authority, proxy }: InnerHop): Record<string, string> {
  const contents = {
    server_chain: server.chainPem,
    server_key: server.privateKeyPem,
    server_pem: server.chainPem + server.privateKeyPem,
    proxy_chain: proxy.chainPem,
    proxy_key: proxy.privateKeyPem,
    proxy_pem: proxy.chainPem + proxy.privateKeyPem,
    api_ca: authority.bundlePem,
    any_ca: authority.bundlePem,
  };
  return Object.fromEntries(
    Object.entries(contents).map(([name, content]) => {
      const path = join(folder, name);
      writeFileSync(path, content, { mode: 0o600 });
      return [name, path];
    }),
  );
}

/** @throws when a placeholder has no value */
function filledIn(configuration: string, values: Record<string, string>): string {
  return configuration.replace(/\{\{(\w+)\}\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing to fill in for ${placeholder}`);
    return value;
  });
}

interface Started {
  process: ChildProcess;
  output(): string;
  failure(): Error | undefined;
}

function run(program: ProxyProgram, folder: string, configuration: string): Started {
  const args =
    program === 'nginx' ? ['-p', folder, '-c', nginxMain(folder, configuration)] : ['-db', '-f', configuration];
  const child = spawn(executable(program), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let failure: Error | undefined;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.once('error', (error: NodeJS.ErrnoException) => {
    failure =
      error.code === 'ENOENT'
        ? new Error(`${program} is not installed. On Debian: apt-get install -y --no-install-recommends nginx haproxy`)
        : error;
  });
  child.once('exit', (code) => (failure ??= new Error(`${program} ended with code ${code}:\n${output}`)));
  return { process: child, output: () => output, failure: () => failure };
}

// Debian installs both where only root's PATH looks.
function executable(program: ProxyProgram): string {
  const path = `/usr/sbin/${program}`;
  return existsSync(path) ? path : program;
}

// One process in the foreground that writes nowhere but here, for whoever runs the specs.
function nginxMain(folder: string, included: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (one) => `${one}_temp_path ${folder}/${one};`,
  );
  const main = [
    'daemon off; master_process off; error_log stderr warn;',
    `pid ${folder}/nginx.pid;`,
    'events { worker_connections 256; }',
    `http { access_log off; ${temporary.join(' ')} include ${included}; }`,
  ];
  const path = join(folder, 'main.conf');
  writeFileSync(path, `${main.join('\n')}\n`);
  return path;
}

async function listening(port: number, { failure, output }: Started): Promise<void> {
  for (
    const start = Date.now();
    Date.now() - start < START_MS;
    await new Promise((resolve) => setTimeout(resolve, 30))
  ) {
    const error = failure();
    if (error) throw error;
    if (await connects(port)) return;
  }
  throw new Error(`not listening after ${START_MS} ms:\n${output()}`);
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  const patience = setTimeout(() => child.kill('SIGKILL'), 5_000);
  child.kill('SIGTERM');
  await exit;
  clearTimeout(patience);
}

/** A port that nobody listens on at this moment: neither program can say which one it was given. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
