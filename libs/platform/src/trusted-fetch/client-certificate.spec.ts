import { once } from 'node:events';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigurationError } from '../config/index.js';
import { createLogger } from '../logging/index.js';
import { trustedFetch, type TrustedFetch } from './index.js';

const CHECK_MS = 5_000;
const LONG = { timeout: 240_000 };

/** Every open fetch looks at its files, as it does after every interval: the intervals pass when the spec says so. */
const look = (times = 1) => vi.advanceTimersByTime(times * CHECK_MS);

let folder: string;
let authority: Authority;
let first: Issued;
let server: Server;
let url: string;
/** lets the answers of `/slow` go */
let answerSlow: (() => void) | undefined;
let lines: Record<string, unknown>[];
const opened: TrustedFetch[] = [];

const certFile = () => join(folder, 'client.crt');
const keyFile = () => join(folder, 'client.key');
const issued = () => authority.issueClient({ subject: 'CN=caller' });

/** As a careful renewal does it: written beside, then renamed into place. */
async function put(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
async function install({ chainPem, privateKeyPem }: Issued): Promise<void> {
  await put(certFile(), chainPem);
  await put(keyFile(), privateKeyPem);
}

function fetchWithCertificate(): TrustedFetch {
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  const logger = createLogger({ name: 'spec', version: '1', level: 'info', destination });
  const clientCertificate = { certFile: certFile(), keyFile: keyFile(), logger, checkMs: CHECK_MS };
  const made = trustedFetch({ ca: authority.bundlePem, clientCertificate, timeoutMs: 60_000 });
  opened.push(made);
  return made;
}

/** What the server saw of the connection a call came over. */
interface Seen {
  certificate: string | null;
  port: number;
}
const seenBy = async (call: typeof fetch, path = '/'): Promise<Seen> => (await call(`${url}${path}`)).json() as never;
const der = (certificate: Issued): string => certificate.der.toString('base64');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'platform-client-'));
  authority = await createAuthority({ name: 'Client spec CA' });
  first = await issued();
  const { chainPem, privateKeyPem } = await authority.issueServer({ names: ['localhost'] });
  const tls = { cert: chainPem, key: privateKeyPem, requestCert: true, rejectUnauthorized: false };
  server = createServer(tls, (request, response) => {
    const socket = request.socket as TLSSocket;
    const certificate = socket.getPeerX509Certificate()?.raw.toString('base64') ?? null;
    const answer = () => response.end(JSON.stringify({ certificate, port: socket.remotePort } satisfies Partial<Seen>));
    if (request.url === '/slow') answerSlow = answer;
    else answer();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `https://localhost:${(server.address() as AddressInfo).port}`;
});
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  lines = [];
  answerSlow = undefined;
  await install(first);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((made) => made.close()));
  vi.useRealTimers();
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await rm(folder, { recursive: true });
});

describe('a client certificate', () => {
  it('is shown to the server, over a connection that is kept', async () => {
    const call = fetchWithCertificate();
    const seen = await seenBy(call);
    expect(seen.certificate).toBe(der(first));
    // The body is read a moment before its connection can be used again.
    await vi.waitFor(async () => expect(await seenBy(call)).toEqual(seen), LONG);
  });

  it('is shown by nobody who has none', async () => {
    const call = trustedFetch({ ca: authority.bundlePem });
    opened.push(call);
    expect((await seenBy(call)).certificate).toBeNull();
    expect(call.gauges()).toEqual([]);
  });

  it('that is renewed is shown by the next call; one that is under way ends as it began', async () => {
    const call = fetchWithCertificate();
    const slow = seenBy(call, '/slow');
    await vi.waitFor(() => expect(answerSlow).toBeTypeOf('function'), LONG);
    const next = await issued();
    await install(next);
    look();
    expect((await seenBy(call)).certificate).toBe(der(next));
    answerSlow!();
    expect((await slow).certificate).toBe(der(first));
    expect(lines).toEqual([expect.objectContaining({ level: 'info', msg: 'client certificate renewed' })]);
  });

  it('says how many days it has left', async () => {
    const call = fetchWithCertificate();
    const [gauge] = call.gauges();
    const before = gauge!.value();
    await install(await authority.issueClient({ subject: 'CN=caller', notAfter: new Date(Date.now() + 86_400_000) }));
    look();
    expect(gauge!.value()).toBeCloseTo(1, 2);
    expect([gauge!.name, before > 1]).toEqual(['tls_client_certificate_days_left', true]);
  });
});

describe('a pair of files that cannot be used', () => {
  const broken: [string, () => Promise<void>, RegExp][] = [
    ['a key that does not fit', async () => put(keyFile(), (await issued()).privateKeyPem), /does not belong/],
    ['no certificate', () => put(certFile(), 'nothing'), /file of outgoing calls is not a PEM certificate/],
    ['no file', () => rm(keyFile()), /cannot be read \(ENOENT\)/],
  ];

  it.each(broken)('leaves the one before in use and is logged once: %s', async (_, spoil, sentence) => {
    const call = fetchWithCertificate();
    await spoil();
    look(2);
    expect(lines).toHaveLength(1);
    look(4);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'error', err: { message: expect.stringMatching(sentence) } });
    expect((await seenBy(call)).certificate).toBe(der(first));
    expect(JSON.stringify(lines)).not.toContain('PRIVATE KEY');
  });

  it.each(broken)('is refused at the start: %s', async (_, spoil, sentence) => {
    await spoil();
    expect(fetchWithCertificate).toThrow(sentence);
    expect(fetchWithCertificate).toThrow(ConfigurationError);
  });
});

it('a closed fetch has ended its calls, takes no other one and looks at no file', async () => {
  const call = fetchWithCertificate();
  const slow = seenBy(call, '/slow').catch((error: unknown) => error);
  await seenBy(call);
  await call.close();
  expect(await slow).toBeInstanceOf(TypeError);
  await expect(seenBy(call)).rejects.toThrow(TypeError);
  await put(certFile(), 'nothing');
  look(4);
  expect(lines).toEqual([]);
});
