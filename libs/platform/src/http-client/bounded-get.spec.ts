import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { createAuthority, type Authority } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { boundedAnswer } from './bounded-answer.js';
import { boundedGet, PermittedNetworks, type BoundedGetError, type BoundedGetOptions } from './index.js';

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;
const BODY = Buffer.from([0, 1, 2, 255]);
const LOOPBACK = new PermittedNetworks(['127.0.0.0/8', '::1/128']);

let authority: Authority;
let [plain, secure]: [number, number] = [0, 0];
let answer: RequestListener;
let requests: string[] = [];
const servers: Pick<Server, 'close' | 'closeAllConnections' | 'address' | 'listen'>[] = [];

async function listen(server: Server | ReturnType<typeof createHttpsServer>): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  authority = await createAuthority({ name: 'Web CA' });
  const { chainPem: cert, privateKeyPem: key } = await authority.issueServer({ names: ['localhost', 'lists.invalid'] });
  const listener: RequestListener = (request, response) => {
    requests.push(String(request.headers['accept-encoding']));
    answer(request, response);
  };
  plain = await listen(createHttpServer(listener));
  secure = await listen(createHttpsServer({ cert, key }, listener));
});
beforeEach(() => {
  requests = [];
  answer = (_, response) => response.end(BODY);
});
afterAll(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

const get = (uri: string, options: Partial<BoundedGetOptions> = {}) =>
  boundedGet(uri, {
    protocols: ['http:', 'https:'],
    accept: '*/*',
    networks: LOOPBACK,
    maxBytes: 4_096,
    timeoutMs: 60_000,
    ca: authority.certificatePem,
    ...options,
  });
const fault = (uri: string, options: Partial<BoundedGetOptions> = {}) =>
  get(uri, options).then(
    () => 'fetched',
    ({ code, temporary }: BoundedGetError) => `${code}${temporary ? ', temporary' : ''}`,
  );
const http = () => `http://127.0.0.1:${plain}/`;
const endless: RequestListener = (_, response) => {
  const timer = setInterval(() => response.write(Buffer.alloc(1_024)), 1);
  response.on('close', () => clearInterval(timer));
};

describe('A21: what others chose the address of is fetched within limits', () => {
  it('octets as they came, over either protocol that was allowed', async () => {
    expect(await get(http())).toEqual(BODY);
    expect(await get(`https://localhost:${secure}/`)).toEqual(BODY);
    expect(requests).toEqual(['identity', 'identity']);
    expect(await fault(http(), { protocols: ['https:'] })).toBe('malformed');
  });

  it.each(['ftp://127.0.0.1/', 'file:///etc/passwd', 'http://user:secret@127.0.0.1/', 'not a URL', ''])(
    '"%s" is not asked',
    async (uri) => expect(await fault(uri)).toBe('malformed'),
  );

  it.each<[string, RequestListener, string]>([
    ['a redirect', (_, r) => r.writeHead(302, { location: http() }).end(), 'redirected'],
    ['nothing there', (_, r) => r.writeHead(404).end(), 'status'],
    ['a server that cannot now', (_, r) => r.writeHead(503).end(), 'unreachable, temporary'],
    ['an endless answer', endless, 'too_large'],
    ['a length over the limit', (_, r) => r.end(Buffer.alloc(5_000)), 'too_large'],
    [
      'a few octets that unpack to many',
      (_, r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1_000_000))),
      'malformed',
    ],
    ['a connection cut short', ({ socket }) => socket.destroy(), 'unreachable, temporary'],
  ])('%s is refused, and nothing more is asked', async (_, given, expected) => {
    answer = given;
    expect(await fault(http())).toBe(expected);
    expect(requests).toHaveLength(1);
  });

  it('the time is for all of it, and whoever asked can end it before', async () => {
    answer = endless;
    expect(await fault(http(), { timeoutMs: 300, maxBytes: 1e9 })).toBe('unreachable, temporary');
    expect(await fault(http(), { signal: AbortSignal.timeout(100), maxBytes: 1e9 })).toBe('unreachable, temporary');
  });

  it('the time ends whatever was collected as garbage meanwhile', async () => {
    answer = () => undefined;
    let ended: string | undefined;
    const asked = fault(http(), { timeoutMs: 500, signal: new AbortController().signal });
    void asked.then((result) => (ended = result));
    while (ended === undefined) {
      await nextTurn(20); // a pace, no verdict: it is collected until the time has ended
      collectGarbage();
    }
    expect(ended).toBe('unreachable, temporary');
  });

  it.each(['127.0.0.1', 'localhost', '2130706433', '[::ffff:127.0.0.1]'])(
    '%s is an address inside: nothing is sent to it unless it was named',
    async (host) => {
      const uri = `http://${host}:${plain}/`;
      expect(await fault(uri, { networks: new PermittedNetworks() })).toBe('address_forbidden');
      expect(requests).toEqual([]);
    },
  );

  it('a name is looked up once: the connection goes to the address that was judged, for that name', async () => {
    const addresses = [{ address: '127.0.0.1', family: 4 }];
    const limits = { addresses, ca: authority.certificatePem, accept: '*/*', maxBytes: 4_096 };
    const url = new URL(`https://lists.invalid:${secure}/`);
    expect(await boundedAnswer(url, { ...limits, signal: AbortSignal.timeout(60_000) })).toEqual(BODY);
  });

  it('T4: a server that does not prove its name is refused', async () => {
    expect(await fault(`https://127.0.0.1:${secure}/`)).toBe('untrusted');
    expect(await fault(`https://localhost:${secure}/`, { ca: undefined })).toBe('untrusted');
  });
});
