import { randomUUID, X509Certificate } from 'node:crypto';
import { selfSigned, type Issued } from '@partner-ecosystem/test-pki';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { clientCertificate, StackUnderTest } from '../black-box/stack-under-test.js';
import { onboardClient, onboardOwner } from './onboard-client.js';

// What the OpenID conformance suite asks of an authorization server in its plan for the FAPI 2.0 Security Profile, grant
// client credentials, tokens bound to certificates: each of its modules for that grant, in our words.

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const GRANT = { grant_type: 'client_credentials' };
const ALLOWED = ['PS256', 'ES256', 'EdDSA', 'Ed25519'];

const stack = new StackUnderTest();
const { urls } = stack.running;

interface Signer {
  readonly alg: string;
  readonly key: CryptoKey;
}

interface Client {
  readonly id: string;
  readonly identity: Issued;
  readonly signer?: Signer;
}

let partnerId: string;
let number = 0;

beforeAll(async () => {
  partnerId = await onboardOwner(stack.operator);
});

async function onboard(fields: Record<string, unknown>, identity: Issued): Promise<Client> {
  const client = { partnerId, audience: urls.resource, fields, certificate: identity };
  return { id: await onboardClient(stack.operator, client), identity };
}

async function byAssertion(alg: string): Promise<Client> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg }] };
  const identity = await clientCertificate(`CN=fapi-${++number},O=Conformance`);
  const client = await onboard({ token_endpoint_auth_method: 'private_key_jwt', jwks }, identity);
  return { ...client, signer: { alg, key: privateKey } };
}

async function byCertificate(): Promise<Client> {
  const subject = `CN=fapi-${++number},O=Conformance`;
  return onboard({ tls_client_auth_subject_dn: subject }, await clientCertificate(subject));
}

async function bySelfSigned(): Promise<Client> {
  const identity = await selfSigned({ subject: `CN=fapi-${++number}` });
  const jwk = new X509Certificate(identity.certificatePem).publicKey.export({ format: 'jwk' }) as JWK;
  const jwks = { keys: [{ ...jwk, kid: 'one', x5c: [identity.der.toString('base64')] }] };
  return onboard({ token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks }, identity);
}

/** An assertion of the client as the suite makes it, but for these changes; a claim that is undefined is left out. */
async function assertionOf({ id, signer }: Client, changes: Record<string, unknown> = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: id,
    sub: id,
    aud: urls.issuer,
    jti: randomUUID(),
    nbf: now,
    iat: now,
    exp: now + 60,
    ...changes,
  };
  return new SignJWT(claims).setProtectedHeader({ alg: signer!.alg, kid: 'one' }).sign(signer!.key);
}

// Beside an assertion the suite sends no client_id.
async function credentialsOf(client: Client, changes?: Record<string, unknown>): Promise<Record<string, string>> {
  if (!client.signer) return { client_id: client.id };
  return { client_assertion_type: ASSERTION_TYPE, client_assertion: await assertionOf(client, changes) };
}

const ask = (form: Record<string, string>, identity?: Issued) =>
  stack.client.send({ url: urls.tokenEndpoint, form: { ...GRANT, ...form }, ...(identity ? { identity } : {}) });

function expectInvalidClient(answer: Awaited<ReturnType<typeof ask>>): void {
  expect([400, 401]).toContain(answer.status);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(answer.body['error']).toBe('invalid_client');
  expect(answer.body['error_description']).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/); // RFC 6749 section 5.2
  if (answer.status === 401) expect(answer.headers['www-authenticate']).toBeDefined();
}

describe('A1: the discovery document', () => {
  it('names the issuer, what is bound, how to authenticate and where, all by https', async () => {
    const { status, headers, body } = await stack.client.send({
      url: `${urls.issuer}/.well-known/oauth-authorization-server`,
    });
    expect([status, headers['content-type']]).toEqual([200, expect.stringMatching(/^application\/json/)]);
    expect(body).toMatchObject({ issuer: urls.issuer, tls_client_certificate_bound_access_tokens: true });
    expect(body['grant_types_supported']).toContain('client_credentials');
    const methods = body['token_endpoint_auth_methods_supported'];
    expect(methods).toEqual(
      expect.arrayContaining(['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth']),
    );
    for (const alg of body['token_endpoint_auth_signing_alg_values_supported'] as string[])
      expect(ALLOWED).toContain(alg);
    const addresses = { ...body, ...(body['mtls_endpoint_aliases'] as object) } as Record<string, unknown>;
    for (const [name, value] of Object.entries(addresses)) {
      if (/_(?:endpoint|uri|documentation)$/.test(name)) expect(value, name).toMatch(/^https:/);
    }
  });
});

const METHODS: [string, () => Promise<Client>][] = [
  ['private_key_jwt with ES256', () => byAssertion('ES256')],
  ['private_key_jwt with PS256', () => byAssertion('PS256')],
  ['private_key_jwt with EdDSA', () => byAssertion('EdDSA')],
  ['tls_client_auth', byCertificate],
  ['self_signed_tls_client_auth', bySelfSigned],
];

describe.each(METHODS)('%s', (_, onboardOne) => {
  let client: Client;
  let other: Client;

  beforeAll(async () => {
    [client, other] = [await onboardOne(), await onboardOne()];
  });

  it('A4, A27: gets a token that is long, expires and comes without a refresh token, and calls the API with it', async () => {
    const { status, body } = await ask(await credentialsOf(client), client.identity);
    expect([status, body['token_type']]).toEqual([200, 'Bearer']);
    expect(body['expires_in']).toBeGreaterThan(0);
    expect(body).not.toHaveProperty('refresh_token');
    const token = String(body['access_token']);
    expect(token.length).toBeGreaterThanOrEqual(16);
    const url = `${urls.resource}/v1/shipments`;
    expect((await stack.client.send({ url, identity: client.identity, token })).status).toBe(200);
    const headers = { authorization: `bEARER ${token}` }; // R1
    expect((await stack.client.send({ url, identity: client.identity, headers })).status).toBe(200);
    expect((await stack.client.send({ url: `${url}?access_token=${token}`, identity: client.identity })).status).toBe(
      401,
    );
    expect((await stack.client.send({ url, identity: other.identity, token })).status).toBe(401);
  });

  it('A11, A17: gets none over a connection without its certificate', async () => {
    expectInvalidClient(await ask(await credentialsOf(client)));
    expectInvalidClient(await ask(await credentialsOf(client), other.identity));
  });

  it("A10: gets none with another client's client_id", async () => {
    expectInvalidClient(await ask({ ...(await credentialsOf(client)), client_id: other.id }, client.identity));
  });
});

describe.each(['ES256', 'PS256', 'EdDSA'])('A6, A19: an assertion signed with %s', (alg) => {
  let client: Client;

  beforeAll(async () => {
    client = await byAssertion(alg);
  });

  it.each<[string, () => Record<string, unknown>]>([
    ['that expired five minutes ago', () => ({ exp: Math.floor(Date.now() / 1_000) - 300 })],
    ['for another server', () => ({ aud: 'https://other.example' })],
    ['without sub', () => ({ sub: undefined })],
  ])('%s is refused', async (_, changes) => {
    expectInvalidClient(await ask(await credentialsOf(client, changes()), client.identity));
  });

  it('is needed', async () => {
    expectInvalidClient(await ask({ client_id: client.id }, client.identity));
  });

  it('may come from a clock that is 8 seconds ahead', async () => {
    const ahead = Math.floor(Date.now() / 1_000) + 8;
    expect((await ask(await credentialsOf(client, { iat: ahead, nbf: ahead }), client.identity)).status).toBe(200);
  });
});

it('A19: an assertion signed with RS256 by a registered RSA key is refused', async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one' }] };
  const identity = await clientCertificate('CN=fapi-rs256,O=Conformance');
  const client = await onboard({ token_endpoint_auth_method: 'private_key_jwt', jwks }, identity);
  const signing = { ...client, signer: { alg: 'RS256', key: privateKey } };
  expectInvalidClient(await ask(await credentialsOf(signing), identity));
});
