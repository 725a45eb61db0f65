import { createServer, type Server } from 'node:https';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PermittedNetworks } from '@partner-ecosystem/platform/http-client';
import { createAuthority, selfSigned, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientKeySet } from '@partner-ecosystem/x509';
import { OAuthError } from '../../oauth-error/oauth-error.js';
import { registeredClient } from '../registered-client.fixture.spec.js';
import { KeySetSource, type KeySetSourceOptions } from './key-set-source.js';
import { PartnerKeyPolicy } from './partner-key-policy.js';
import { PartnerKeys } from './partner-keys.js';
import { ecPair, jwkOf } from './partner-keys.fixture.spec.js';

const LOOPBACK = new PermittedNetworks(['127.0.0.0/8', '::1/128']);
const [one, two] = [jwkOf(ecPair(), { kid: 'one' }), jwkOf(ecPair(), { kid: 'two' })];

let authority: Authority;
let server: Server;
let port: number;
let requests: { path: string; acceptEncoding: unknown }[] = [];
let answer: RequestListener;
const more: Server[] = [];

const json =
  (document: unknown, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(document));
const status =
  (code: number, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(code, headers).end('{"keys":[]}');

async function listen({ chainPem, privateKeyPem }: Issued, listener: RequestListener): Promise<Server> {
  const made = createServer({ cert: chainPem, key: privateKeyPem }, listener);
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  more.push(made);
  return made;
}
const portOf = (of: Server) => (of.address() as AddressInfo).port;

beforeAll(async () => {
  authority = await createAuthority({ name: 'Web CA' });
  server = await listen(await authority.issueServer({ names: ['localhost', '127.0.0.1'] }), (request, response) => {
    requests.push({ path: request.url!, acceptEncoding: request.headers['accept-encoding'] });
    answer(request, response);
  });
  port = portOf(server);
});
beforeEach(() => {
  requests = [];
  answer = json({ keys: [one] });
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => {
  for (const each of more) {
    each.close();
    each.closeAllConnections();
  }
});

const source = (options: Partial<KeySetSourceOptions> = {}) =>
  new KeySetSource({
    networks: LOOPBACK,
    ca: authority.certificatePem,
    timeoutMs: 60_000,
    maxBytes: 4_096,
    ...options,
  });
const uri = (path = '/jwks') => `https://localhost:${port}${path}`;
const has = (kid: string) => (set: ClientKeySet) => set.keys.some((key) => key.kid === kid);
const fault = (from: KeySetSource, at = uri()) =>
  from.fetch(at).then(
    () => 'fetched',
    ({ code, temporary }: { code: string; temporary: boolean }) => `${code}${temporary ? ', temporary' : ''}`,
  );

describe('A21, T4: a key set is fetched over verified TLS, with limits', () => {
  it('is what the server says', async () => {
    expect(await source().fetch(uri())).toEqual({ keys: [one] });
    answer = json({ keys: [] }, { 'content-type': 'application/jwk-set+json; charset=utf-8' });
    expect(await source().fetch(`https://127.0.0.1:${port}/x?y=z`)).toEqual({ keys: [] });
    expect(requests).toEqual([
      { path: '/jwks', acceptEncoding: 'identity' },
      { path: '/x?y=z', acceptEncoding: 'identity' },
    ]);
  });

  it.each<[string, () => RequestListener, string]>([
    ['a redirect', () => status(302, { location: uri('/elsewhere') }), 'partner_keys_redirected'],
    ['a server that cannot now', () => status(503), 'partner_keys_unreachable, temporary'],
    ['too many requests', () => status(429), 'partner_keys_unreachable, temporary'],
    ['nothing there', () => status(404), 'partner_keys_status'],
    ['something half', () => status(206, { 'content-type': 'application/json' }), 'partner_keys_status'],
    ['a page', () => status(200, { 'content-type': 'text/html' }), 'partner_keys_malformed'],
    ['an encoding nobody asked for', () => json({}, { 'content-encoding': 'gzip' }), 'partner_keys_malformed'],
    ['no JSON', () => (_, r) => r.setHeader('content-type', 'application/json').end('{'), 'partner_keys_malformed'],
    ['a length over the limit', () => json({ pad: 'x'.repeat(5_000) }), 'partner_keys_too_large'],
    ['an endless answer', () => endless, 'partner_keys_too_large'],
    ['no answer', () => () => undefined, 'partner_keys_unreachable, temporary'],
    ['an answer that never ends', () => trickle, 'partner_keys_unreachable, temporary'],
    [
      'a connection cut short',
      () =>
        ({ socket }) =>
          socket.destroy(),
      'partner_keys_unreachable, temporary',
    ],
  ])('%s is refused', async (_, given, expected) => {
    answer = given();
    const impatient = expected.includes('temporary') ? { timeoutMs: 3_000 } : {};
    expect(await fault(source(impatient))).toBe(expected);
    expect(requests).toHaveLength(1);
  });

  const endless: RequestListener = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '.repeat(1_024)), 1);
    response.on('close', () => clearInterval(timer));
  };
  const trickle: RequestListener = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  };

  it('the time is for all of it: an answer that trickles ends with it', async () => {
    answer = trickle;
    // Every pause is shorter than the time: were it for each of them, this would never end.
    expect(await fault(source({ timeoutMs: 500 }))).toBe('partner_keys_unreachable, temporary');
  });

  it.each([
    'https://localhost',
    'https://127.0.0.1',
    'https://2130706433',
    'https://0x7f.1',
    'https://[::ffff:127.0.0.1]',
  ])('%s is an address inside: nothing is sent to it', async (origin) => {
    const outside = source({ networks: new PermittedNetworks() });
    expect(await fault(outside, `${origin}:${port}/jwks`)).toBe('partner_keys_address_forbidden');
    expect(requests).toEqual([]);
  });

  it('a name without an address, and a port where nobody listens', async () => {
    expect(await fault(source(), 'https://nobody.invalid/jwks')).toBe('partner_keys_unreachable, temporary');
    expect(await fault(source(), 'https://127.0.0.1:1/jwks')).toBe('partner_keys_unreachable, temporary');
  });

  it.each(['http://localhost/jwks', 'https://user@localhost/jwks', 'file:///etc/passwd', 'jwks', ''])(
    '%s is not fetched',
    async (at) => expect(await fault(source(), at)).toBe('partner_keys_malformed'),
  );

  it.each([undefined, '0'])('T4: the server proves its name, NODE_TLS_REJECT_UNAUTHORIZED=%s', async (setting) => {
    if (setting) vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', setting);
    const stranger = await createAuthority({ name: 'Web CA' });
    const served = json({ keys: [one] });
    const servers = await Promise.all([
      listen(await stranger.issueServer({ names: ['localhost'] }), served),
      listen(await authority.issueServer({ names: ['other.example'] }), served),
      listen(await authority.issueServer({ names: ['localhost'], notAfter: new Date(Date.now() - 60_000) }), served),
      listen(await selfSigned({ subject: 'CN=localhost', dns: ['localhost'] }), served),
    ]);
    for (const each of servers) {
      expect(await fault(source(), `https://localhost:${portOf(each)}/jwks`)).toBe('partner_keys_untrusted');
    }
  });

  it("T4: without authorities of its own it trusts the runtime's, not this one", async () => {
    expect(await fault(source({ ca: undefined }))).toBe('partner_keys_untrusted');
  });
});

describe('A21: the keys of a client are remembered', () => {
  let elapsed = 0;
  let keys: PartnerKeys;
  const clock = { monotonic: () => elapsed, wall: () => elapsed };
  const client = (jwksUri = uri()) => registeredClient({ jwksUri });
  const kids = async (kid: string, of = client()) => (await keys.keysOf(of, has(kid))).keys.map((key) => key.kid);

  beforeEach(() => {
    elapsed = 0;
    keys = new PartnerKeys(source(), new PartnerKeyPolicy({ clock, mostSets: 2 }));
  });

  it('many requests at a time are one fetch, and those that follow none', async () => {
    expect(await Promise.all([kids('one'), kids('one'), kids('one')])).toEqual([['one'], ['one'], ['one']]);
    elapsed = 59_000;
    await kids('one');
    expect(requests).toHaveLength(1);
  });

  it('a key that was added is found at once, unless somebody has just looked', async () => {
    await kids('one');
    answer = json({ keys: [one, two] });
    elapsed = 4_999;
    expect(await kids('two')).toEqual(['one']);
    expect(requests).toHaveLength(1);
    elapsed = 5_000;
    expect(await kids('two')).toEqual(['one', 'two']);
    expect(requests).toHaveLength(2);
  });

  it('a key that was taken out is forgotten a minute later: the next request makes it so', async () => {
    await kids('one');
    answer = json({ keys: [two] });
    elapsed = 60_001;
    expect(await kids('one')).toEqual(['one']);
    await vi.waitFor(async () => expect(await kids('two')).toEqual(['two']), { timeout: 240_000 });
    expect(requests).toHaveLength(2);
  });

  it('a short outage of the partner is not felt, a long one refuses as temporary, and ends by itself', async () => {
    await kids('one');
    answer = status(503);
    elapsed = 599_000;
    expect(await kids('one')).toEqual(['one']);
    elapsed = 600_001;
    await expect(kids('one')).rejects.toMatchObject({
      code: 'temporarily_unavailable',
      status: 503,
      check: 'partner_keys_unreachable',
    });
    const asked = requests.length;
    await expect(kids('one')).rejects.toMatchObject({ status: 503 });
    expect(requests).toHaveLength(asked); // the failure is remembered for a while, too
    answer = json({ keys: [one] });
    elapsed = 610_000;
    expect(await kids('one')).toEqual(['one']);
  });

  it('an unknown key while the partner cannot be reached is not called unknown', async () => {
    await kids('one');
    answer = status(503);
    elapsed = 10_000;
    await expect(kids('two')).rejects.toMatchObject({ status: 503 });
    expect(await kids('one')).toEqual(['one']);
  });

  it('what only the partner can mend is 401 in the words for everybody', async () => {
    answer = status(404);
    const refusal = await kids('one').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(OAuthError);
    expect(refusal).toMatchObject({ code: 'invalid_client', status: 401, check: 'partner_keys_status' });
    expect((refusal as OAuthError).description).not.toContain('404');
  });

  it('only so many sets are kept', async () => {
    for (const path of ['/a', '/b', '/c', '/a']) await kids('one', client(uri(path)));
    expect(requests.map(({ path }) => path)).toEqual(['/a', '/b', '/c', '/a']);
  });

  it('registered keys are fetched from nowhere', async () => {
    expect(await kids('two', registeredClient({ jwks: { keys: [two] } }))).toEqual(['two']);
    expect(requests).toEqual([]);
  });

  it.each([{}, { jwks: { keys: [one] }, jwksUri: 'https://acme.example/jwks' }])(
    'neither or both of the places refuse: %j',
    async (places) => {
      await expect(kids('one', registeredClient(places))).rejects.toMatchObject({
        check: 'partner_keys_not_registered',
      });
    },
  );
});
