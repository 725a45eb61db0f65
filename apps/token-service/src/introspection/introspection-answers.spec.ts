import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ecPair, jwkOf, signed } from '../clients/partner-keys/partner-keys.fixture.spec.js';
import { suspend } from '../clients/registered-clients/registrations.fixture.spec.js';
import { Parties, partsOf, unknownId, type Party } from '../issued-tokens/parties.fixture.spec.js';
import { ASSERTION_TYPE } from '../clients/assertions/assertion-header.js';
import { call, management, type Call } from '../served.fixture.spec.js';

const ISSUER = 'https://issuer.test';
const SIGNED = 'application/token-introspection+jwt';
const accept = { headers: { accept: SIGNED } };

let parties: Parties;
let owner: Party;
let stranger: Party;
let token: string;

beforeAll(async () => {
  parties = await Parties.gather();
  [owner, stranger] = [await parties.join(), await parties.join()];
  token = await parties.tokenOf(owner);
});
afterAll(() => parties?.leave());

describe('A31: the signed answer (RFC 9701)', () => {
  const verified = async (jwt: string) => {
    const { port } = parties.replicas[0].addresses['tls']!;
    const { body } = await call({ port, ca: parties.stage.authority.certificatePem, method: 'GET', path: '/jwks' });
    const keys = createLocalJWKSet(body as unknown as JSONWebKeySet);
    return jwtVerify(jwt, keys, { issuer: ISSUER, audience: owner.clientId, typ: 'token-introspection+jwt' });
  };

  it('says the same, to its caller alone, under a published key', async () => {
    const { body: plain } = await parties.introspect(owner, token);
    const asked = Math.floor(Date.now() / 1_000);
    const answer = await parties.introspect(owner, token, accept);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, SIGNED]);
    const { payload, protectedHeader } = await verified(answer.text);
    expect(protectedHeader).toEqual({
      alg: 'ES256',
      typ: 'token-introspection+jwt',
      kid: partsOf(token).header['kid'],
    });
    expect(Object.keys(payload).sort()).toEqual(['aud', 'iat', 'iss', 'token_introspection']); // neither sub nor exp
    expect(payload.iat).toBeGreaterThanOrEqual(asked);
    expect(payload.iat).toBeLessThanOrEqual(Date.now() / 1_000);
    expect(payload['token_introspection']).toEqual(plain);
    expect(plain).toMatchObject({ active: true });
  });

  it('A25: of what is inactive says nothing else either', async () => {
    const { text } = await parties.introspect(owner, await parties.tokenOf(stranger), accept);
    expect((await verified(text)).payload['token_introspection']).toEqual({ active: false });
  });

  it('passes for no access token', async () => {
    const { text } = await parties.introspect(owner, token, accept);
    expect((await parties.introspect(owner, text)).body).toEqual({ active: false });
  });

  it('a refusal is JSON all the same', async () => {
    const answer = await parties.post('/introspect', owner, {}, accept);
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
  });
});

describe('A25, A30: who and what is refused, at both endpoints', () => {
  const PATHS = ['/introspect', '/revoke'];
  const json = { 'content-type': 'application/json' };

  it.each(PATHS)('%s answers nobody who is not authenticated, and all in the same words', async (path) => {
    const suspended = await parties.join();
    await parties.change([suspended], suspend(suspended));
    await vi.waitFor(async () => expect((await parties.post(path, suspended, { token })).status).toBe(401), {
      timeout: 240_000,
    });
    const answers = await Promise.all([
      parties.post(path, owner, { token }, { as: stranger.certificate }),
      parties.post(path, owner, { token, client_id: unknownId() }),
      parties.post(path, owner, { token, client_id: stranger.clientId }),
      parties.post(path, suspended, { token }),
      parties.post(path, owner, { token, client_assertion: 'x', client_assertion_type: ASSERTION_TYPE }),
    ]);
    expect(answers.map(({ status, body }) => [status, body['error']])).toEqual(
      answers.map(() => [401, 'invalid_client']),
    );
    expect(new Set(answers.map(({ body }) => body['error_description'])).size).toBe(1);
    const bare = await parties.post(path, owner, { token }, { as: undefined });
    expect(bare).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect((await parties.introspect(owner, token)).body).toMatchObject({ active: true });
  });

  it.each<[string, Partial<Call>, number, string]>([
    ['no token', { body: 'client_id=x' }, 400, 'invalid_request'],
    ['an empty token', { body: 'client_id=x&token=' }, 400, 'invalid_request'],
    ['two tokens', { body: 'client_id=x&token=a&token=b' }, 400, 'invalid_request'],
    ['A10: no client_id', { body: 'token=a' }, 400, 'invalid_request'],
    ['two hints', { body: 'client_id=x&token=a&token_type_hint=a&token_type_hint=b' }, 400, 'invalid_request'],
    ['A5: a secret', { body: 'client_id=x&token=a&client_secret=s' }, 400, 'invalid_request'],
    [
      'A15: an Authorization header',
      { body: 'client_id=x&token=a', headers: { authorization: 'Bearer x' } },
      400,
      'invalid_request',
    ],
    ['JSON', { body: '{}', headers: json }, 415, 'invalid_request'],
    ['a body over the limit', { body: `client_id=x&token=${'a'.repeat(20_000)}` }, 413, 'invalid_request'],
    ['an unknown client', { body: 'client_id=x&token=a' }, 401, 'invalid_client'],
  ])('A26: %s, and the refusal is never cached', async (_, request, status, error) => {
    for (const path of PATHS) {
      const answer = await parties.post(path, owner, {}, request);
      expect(answer).toMatchObject({ status, body: { error } });
      expect(Object.keys(answer.body).sort()).toEqual(['error', 'error_description', 'request_id']);
      expect(answer.headers).toMatchObject({ 'cache-control': 'no-store' });
    }
  });

  it.each(PATHS)('T5: %s on the listener without client certificates names the alias', async (path) => {
    const { port } = parties.replicas[0].addresses['tls']!;
    const answer = await call({ port, ca: parties.stage.authority.certificatePem, path, body: 'client_id=x&token=a' });
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(answer.body['error_description']).toContain(`https://mtls.issuer.test${path}`);
  });

  it.each(PATHS)('GET %s is no way to ask: a token does not belong into an address', async (path) => {
    const request = { path: `${path}?token=${token}&client_id=${owner.clientId}`, method: 'GET' };
    const { port } = parties.replicas[0].addresses['mtls']!;
    const answer = await call({ port, ca: parties.stage.authority.certificatePem, as: owner.certificate, ...request });
    expect(answer.status).toBe(405);
  });
});

describe('A6, A15: private_key_jwt', () => {
  it('an assertion authenticates once, beside the certificate', async () => {
    const [party, pair] = [await parties.join(), ecPair()];
    const jwks = JSON.stringify({ keys: [jwkOf(pair, { kid: 'one' })] });
    await parties.change(
      [party],
      `UPDATE registry.clients SET token_endpoint_auth_method = 'private_key_jwt', tls_client_auth_subject_dn = NULL,
         jwks = '${jwks}' WHERE id = '${party.id}'`,
    );
    const now = Math.floor(Date.now() / 1_000);
    const assertion = (jti: string) => {
      const claims = { iss: party.clientId, sub: party.clientId, aud: ISSUER, iat: now, exp: now + 60, jti };
      return signed(claims, { alg: 'ES256', kid: 'one' }, pair.privateKey);
    };
    const ask = (client_assertion: string) =>
      parties.post('/introspect', party, { token, client_assertion_type: ASSERTION_TYPE, client_assertion });
    const once = await assertion('first');
    await vi.waitFor(async () => expect((await ask(await assertion(`${Math.random()}`))).status).toBe(200), {
      timeout: 240_000,
    });
    expect((await ask(once)).body).toEqual({ active: false });
    expect((await ask(once)).status).toBe(401);
    expect((await parties.introspect(party, token)).status).toBe(401);
  });
});

it('A26: no answer is cached', async () => {
  for (const headers of [{}, accept.headers]) {
    for (const asked of [token, 'x']) {
      const answer = await parties.introspect(owner, asked, { headers });
      expect(answer.headers['cache-control']).toBe('no-store');
    }
  }
});

it('what was refused counts under its endpoint, and what was answered is no token request', async () => {
  const { text } = await management(parties.replicas[0], '/metrics');
  const refused = 'token_requests_refused_total{error="invalid_client",check="certificate_missing",endpoint=';
  expect(text).toContain(`${refused}"introspection"`);
  expect(text).toContain(`${refused}"revocation"`);
});

it('no token is in the log, whatever came of it', async () => {
  await parties.revoke(stranger, token);
  await parties.revoke(owner, token);
  const log = JSON.stringify(parties.replicas[0].lines);
  const [header, claims, signature] = token.split('.') as [string, string, string];
  expect(log).toContain(String(partsOf(token).claims['jti'])); // it says what was revoked
  for (const secret of [`${header}.${claims}`, claims, signature]) expect(log).not.toContain(secret);
});
