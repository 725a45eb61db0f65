import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Issued } from '@partner-ecosystem/test-pki';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { confirmationOf, introspection, RevocationState, type MtlsBindingOptions } from '../index.js';
import { AUDIENCE, bearer, GuardStage, ISSUER } from './guard-stage.testing.js';
import { ADAPTERS } from './guarded-app.testing.js';

const TOKEN = 'opaque-0123456789';

interface Asked {
  form: Record<string, string>;
  path: string;
  /** subject of the certificate that was presented */
  as: string | undefined;
}

let stage: GuardStage;
let alice: Issued;
let mallory: Issued;
let issuer: Server;
let asked: Asked[];
/** what the issuer answers */
let answer: { status: number; body: unknown };

beforeAll(async () => {
  stage = await GuardStage.create();
  ({ alice, mallory } = stage);
  const { chainPem, privateKeyPem } = stage.server;
  const tls = { cert: chainPem, key: privateKeyPem, requestCert: true, rejectUnauthorized: false };
  issuer = createServer(tls, (request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const as = (request.socket as TLSSocket).getPeerCertificate().subject?.CN as string | undefined;
      asked.push({ form: Object.fromEntries(new URLSearchParams(text)), path: `${request.method} ${request.url}`, as });
      const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
      response.writeHead(answer.status, answer.status === 307 ? { location: '/elsewhere' } : {}).end(body);
    });
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
});

afterEach(() => vi.useRealTimers());

afterAll(async () => {
  issuer.close();
  issuer.closeAllConnections();
  await stage.close();
});

describe.each(ADAPTERS)('on %s, an opaque token', (adapter) => {
  let port: number;
  let revocations: RevocationState;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'] }); // the five seconds pass when the spec says so
    asked = [];
    answer = { status: 200, body: active() };
    revocations = new RevocationState();
    await stage.say(revocations, []);
    port = await stage.start(options(), adapter);
  });

  function options(): MtlsBindingOptions {
    const connect = { ca: stage.authority.certificatePem, cert: mallory.chainPem, key: mallory.privateKeyPem };
    const dispatcher = new Agent({ connect });
    const mutual = ((url: string, init: object) => undiciFetch(url, { ...init, dispatcher })) as never;
    const endpoint = `https://localhost:${(issuer.address() as AddressInfo).port}/introspect`;
    const asking = introspection({ endpoint, clientId: 'cli_api', fetch: mutual });
    return { ...stage.options({ revocations, introspection: asking }), keys: undefined };
  }

  const active = (claims: object = {}) => ({
    ...stage.claimsFor(alice),
    active: true,
    token_type: 'Bearer',
    ...claims,
  });
  const ask = (as: Issued | undefined = alice, path = '/closed', token = TOKEN) =>
    stage.get(port, path, as, bearer(token));
  const REFUSED = { status: 401, body: { code: 'invalid_token' } };

  it('R5: lets the holder of the certificate in; the issuer is asked with our own certificate, once in five seconds', async () => {
    for (let times = 0; times < 3; times += 1) {
      expect(await ask()).toMatchObject({ status: 200, body: { partner: 'ptn_1', thumbprint: alice.thumbprint } });
    }
    const form = { token: TOKEN, token_type_hint: 'access_token', client_id: 'cli_api' };
    expect(asked).toEqual([{ form, path: 'POST /introspect', as: 'mallory' }]);
    vi.setSystemTime(Date.now() + 5_001);
    expect((await ask()).status).toBe(200);
    expect(asked).toHaveLength(2);
  });

  it('R2: is refused five seconds after it was ended at the latest, and at once if the feed says so', async () => {
    expect((await ask()).status).toBe(200);
    answer.body = { active: false };
    vi.setSystemTime(Date.now() + 5_001);
    expect(await ask()).toMatchObject(REFUSED);
    answer.body = active();
    expect((await ask()).status).toBe(200);
    await stage.say(revocations, [{ kind: 'jti', subject: { jti: 'j' } }]);
    expect(await ask()).toMatchObject(REFUSED);
  });

  it('R11: is not let in past its end, within those five seconds either', async () => {
    answer.body = active({ exp: Math.floor(Date.now() / 1000) + 3 });
    expect((await ask()).status).toBe(200);
    vi.setSystemTime(Date.now() + 3_100);
    expect(await ask()).toMatchObject(REFUSED);
  });

  it('R5: is refused over another certificate; over none the issuer is not even asked', async () => {
    expect(await stage.get(port, '/closed', undefined, bearer(TOKEN))).toMatchObject(REFUSED);
    expect(asked).toEqual([]);
    expect(await ask(mallory)).toMatchObject(REFUSED);
    expect((await ask()).status).toBe(200);
    expect(await ask(mallory)).toMatchObject(REFUSED);
  });

  it.each([
    ['inactive', { active: false }],
    ['inactive, though the rest is there', () => active({ active: false })],
    ['unbound', () => active({ cnf: undefined })],
    ['bound in a way we do not know', () => active({ cnf: { jkt: 'x' } })],
    ["bound to another's certificate", () => active({ cnf: confirmationOf(mallory.thumbprint) })],
    ['for another API', () => active({ aud: 'https://other.test' })],
    ['for several APIs', () => active({ aud: [AUDIENCE, 'https://other.test'] })],
    ['for no API', () => active({ aud: undefined })],
    ['of another issuer', () => active({ iss: `${ISSUER}/` })],
    ['expired', () => active({ exp: 1 })],
    ['endless', () => active({ exp: undefined })],
    ['not valid yet', () => active({ nbf: Math.floor(Date.now() / 1000) + 60 })],
    ['of nobody', () => active({ partner_id: undefined })],
    ['without jti', () => active({ jti: undefined })],
  ])('R2, R5, R10: is refused when the issuer calls it %s, and asked about again', async (_, body) => {
    answer.body = typeof body === 'function' ? body() : body;
    expect(await ask()).toMatchObject(REFUSED);
    expect(await ask()).toMatchObject(REFUSED);
    expect(asked).toHaveLength(2);
  });

  it('R7: needs the scopes of the route', async () => {
    expect(await ask(alice, '/scoped')).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    answer.body = active({ scope: 'things:read things:list' });
    expect((await ask(alice, '/scoped')).status).toBe(200);
  });

  it.each([
    ['fails', { status: 500, body: {} }],
    ['does not know us', { status: 401, body: { error: 'invalid_client' } }],
    ['sends us elsewhere', { status: 307, body: '' }],
    ['talks nonsense', { status: 200, body: '<html>' }],
    ['does not say whether it is active', { status: 200, body: { active: 'true' } }],
  ])('R9: is told to come again while the issuer %s', async (_, wrong) => {
    answer = wrong;
    const waiting = await ask();
    expect(waiting).toMatchObject({ status: 503, body: { code: 'unavailable' }, challenge: undefined });
    expect(Number(waiting.headers['retry-after'])).toBeGreaterThan(0);
    expect(asked.map(({ path }) => path)).toEqual(['POST /introspect']);
  });
});

describe('introspection', () => {
  it('names what it needs', () => {
    const make = introspection as (options: object) => unknown;
    expect(() => make({ endpoint: 'http://issuer.test', clientId: '' })).toThrow(/endpoint: .*clientId: .*fetch: /);
  });

  it('is instead of keys, not beside them', async () => {
    const both = stage.options({ introspection: { ask: () => Promise.resolve({}) } });
    await expect(stage.start(both, 'Fastify')).rejects.toThrow(/MtlsBindingModule needs introspection: /);
  });
});
