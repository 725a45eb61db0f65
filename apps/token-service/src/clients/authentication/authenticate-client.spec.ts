import { KeyObject, webcrypto } from 'node:crypto';
import { createAuthority, selfSigned, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { OAuthError } from '../../oauth-error/oauth-error.js';
import { ASSERTION_TYPE } from '../assertions/assertion-header.js';
import type { KeyOwner } from '../certificate-policy/assert-own-key.js';
import { partnerKeySet } from '../partner-keys/partner-key-set.js';
import { ecPair, jwkOf, signed } from '../partner-keys/partner-keys.fixture.spec.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';
import {
  checkOf,
  CLIENT_ID,
  evidenceOf,
  PARTNER_ID,
  registeredCertificate,
  registeredClient,
} from '../registered-client.fixture.spec.js';
import { authenticateClient } from './authenticate-client.js';
import type { AuthenticationNeeds } from './authentication-method.js';

const ISSUER = 'https://issuer.test';
const now = new Date();
const subjectDn = 'CN=importer,O=Acme';
const pair = ecPair();

let authority: Authority;
let issued: Issued;
/** Self-signed, of the key in `selfSignedJwk`. */
let own: Issued;
let selfSignedJwk: object;

beforeAll(async () => {
  authority = await createAuthority({ name: 'Client CA' });
  issued = await authority.issueClient({ subject: subjectDn });
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  own = await selfSigned({ subject: 'CN=importer', keys });
  const jwk = KeyObject.from(keys.publicKey).export({ format: 'jwk' });
  selfSignedJwk = { ...jwk, kid: 'own', x5c: [own.der.toString('base64')] };
});

const byDn = (changes: Partial<RegisteredClient> = {}) =>
  registeredClient({ subjectDn, certificates: [registeredCertificate(issued)], ...changes });
const byJwt = (changes: Partial<RegisteredClient> = {}) =>
  registeredClient({
    authenticationMethod: 'private_key_jwt',
    jwks: { keys: [jwkOf(pair, { kid: 'one' })] },
    certificates: [registeredCertificate(issued)],
    ...changes,
  });
const byOwn = (changes: Partial<RegisteredClient> = {}) =>
  registeredClient({
    authenticationMethod: 'self_signed_tls_client_auth',
    jwks: { keys: [jwkOf(pair), selfSignedJwk] },
    certificates: [registeredCertificate(own)],
    ...changes,
  });

/** Everything that was asked for, in order. */
let asked: string[] = [];
const used = new Set<string>();

function needs(owner?: KeyOwner): AuthenticationNeeds {
  asked = [];
  return {
    issuer: ISSUER,
    keysOf: async ({ jwks }) => (asked.push('keys'), partnerKeySet(jwks)),
    ownerOf: async () => (asked.push('owner'), owner),
    listsOf: async () => (asked.push('lists'), new Map()),
    useOnce: async (clientId, { jti }) => {
      asked.push('used');
      const fresh = !used.has(`${clientId} ${jti}`);
      used.add(`${clientId} ${jti}`);
      return fresh;
    },
  };
}

const seconds = Math.floor(now.getTime() / 1000);
let number = 0;
async function assertion(changes: object = {}) {
  const claims = {
    iss: CLIENT_ID,
    sub: CLIENT_ID,
    aud: ISSUER,
    iat: seconds,
    exp: seconds + 60,
    jti: `jti ${++number}`,
  };
  const value = await signed({ ...claims, ...changes }, { alg: 'ES256', kid: 'one' }, pair.privateKey);
  return { type: ASSERTION_TYPE, value };
}

type Assertion = { type: string; value: string };
const authenticate = (client: RegisteredClient | undefined, presented: Issued, sent?: Assertion, owner?: KeyOwner) =>
  authenticateClient(client, { evidence: evidenceOf(presented), assertion: sent }, now, needs(owner));
const check = (...given: Parameters<typeof authenticate>) => checkOf(() => authenticate(...given));

describe('A3, A5, A15: the one registered method, with one resolved result', () => {
  it.each<[string, () => RegisteredClient, () => Issued]>([
    ['tls_client_auth', byDn, () => issued],
    ['self_signed_tls_client_auth', byOwn, () => own],
    ['private_key_jwt', byJwt, () => issued],
  ])('%s', async (method, client, presented) => {
    const given = client();
    const sent = method === 'private_key_jwt' ? await assertion() : undefined;
    const { thumbprint } = presented();
    expect(await authenticate(given, presented(), sent)).toEqual({
      client: given,
      method,
      certificate: { thumbprint },
      certificateUsableUntil: new Date(given.certificates[0]!.not_after),
    });
  });

  it.each<[string, () => RegisteredClient, () => Issued, boolean, string]>([
    ['a certificate in place of the assertion', byJwt, () => issued, false, 'assertion_missing'],
    ['an assertion in place of the certificate', byDn, () => issued, true, 'assertion_unexpected'],
    ['an assertion beside the self-signed certificate', byOwn, () => own, true, 'assertion_unexpected'],
    [
      'a certificate of an authority in place of the self-signed one',
      byOwn,
      () => issued,
      false,
      'certificate_not_registered',
    ],
    [
      'a self-signed certificate in place of the one of an authority',
      byDn,
      () => own,
      false,
      'certificate_not_registered',
    ],
  ])('%s is refused', async (_, client, presented, withAssertion, expected) => {
    expect(await check(client(), presented(), withAssertion ? await assertion() : undefined)).toBe(expected);
  });

  it.each(['client_secret_basic', 'client_secret_post', 'none', ''])(
    'A3, A5: a client registered for "%s" is refused',
    async (authenticationMethod) => {
      expect(await check(byDn({ authenticationMethod }), issued)).toBe('method_not_supported');
    },
  );
});

describe('A10, A11: who is not authenticated', () => {
  it.each<[string, Partial<RegisteredClient>, string]>([
    ['a draft', { clientStatus: 'draft', usable: false }, 'client_not_active'],
    ['suspended', { clientStatus: 'suspended', usable: false }, 'client_not_active'],
    ["a suspended partner's", { partnerStatus: 'suspended', usable: false }, 'partner_not_active'],
    ['unusable for a reason of its own', { usable: false }, 'client_not_usable'],
    ['without certificates', { certificates: [] }, 'certificate_not_registered'],
  ])('a client that is %s', async (_, changes, expected) => {
    expect(await check(byDn(changes), issued)).toBe(expected);
    expect(await check(byJwt(changes), issued, await assertion())).toBe(expected);
  });

  it('an unknown client, whatever it presents', async () => {
    expect(await check(undefined, issued)).toBe('client_unknown');
    expect(await check(undefined, issued, await assertion())).toBe('client_unknown');
  });

  it('all are told the same', async () => {
    const refusals = [authenticate(undefined, issued), authenticate(byDn(), own), authenticate(byJwt(), issued)];
    const told = await Promise.all(refusals.map((refusal) => refusal.catch((error: OAuthError) => error.description)));
    expect(new Set(told).size).toBe(1);
  });

  it('a stranger to the certificates makes nothing be fetched, asked or written', async () => {
    expect(await check(byJwt(), own, await assertion())).toBe('certificate_not_registered');
    expect(asked).toEqual([]);
    expect(await check(byOwn(), issued)).toBe('certificate_not_registered');
    expect(asked).toEqual([]);
  });
});

describe('A12: tls_client_auth, registered_only', () => {
  it('the certificate carries the registered subject still, which may have been changed since', async () => {
    expect(await check(byDn(), issued)).toBe('accepted');
    expect(await check(byDn({ subjectDn: 'CN=exporter,O=Acme' }), issued)).toBe('subject_dn_mismatch');
    expect(await check(byDn({ subjectDn: null }), issued)).toBe('subject_not_registered');
  });

  it('over a connection by which another client has its token already', async () => {
    const presented = { evidence: evidenceOf(issued), assertion: undefined };
    const over = (client: RegisteredClient) => checkOf(() => authenticateClient(client, presented, now, needs()));
    expect(await over(byDn())).toBe('accepted');
    expect(await over(byDn({ subjectDn: 'CN=exporter,O=Acme' }))).toBe('subject_dn_mismatch');
    expect(await over(byDn())).toBe('accepted');
  });
});

describe('A13: self_signed_tls_client_auth', () => {
  it('the certificate is in the key set, too: registering it alone is not enough, nor is the key set', async () => {
    expect(await check(byOwn({ jwks: { keys: [jwkOf(pair)] } }), own)).toBe('certificate_not_in_key_set');
    expect(await check(byOwn({ certificates: [] }), own)).toBe('certificate_not_registered');
  });

  it('one of several', async () => {
    const other = await selfSigned({ subject: 'CN=other' });
    const certificates = [registeredCertificate(other), registeredCertificate(own)];
    expect(await check(byOwn({ certificates }), own)).toBe('accepted');
    expect(await check(byOwn({ certificates }), other)).toBe('certificate_not_in_key_set');
  });

  it('its path is not judged, its strength is', async () => {
    const certificates = [registeredCertificate(own, { path_valid_until: '2020-01-01T00:00:00Z' })];
    expect(await check(byOwn({ certificates }), own)).toBe('accepted');
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
    const ca = await selfSigned({ subject: 'CN=importer', keys, ca: true });
    const jwk = { ...KeyObject.from(keys.publicKey).export({ format: 'jwk' }), x5c: [ca.der.toString('base64')] };
    const given = byOwn({ jwks: { keys: [jwk] }, certificates: [registeredCertificate(ca)] });
    expect(await check(given, ca)).toBe('ca_certificate');
  });
});

describe('A13, A21: whose the key of a certificate in a key set is', () => {
  it.each<[string, KeyOwner | undefined, string]>([
    ['nobody', undefined, 'accepted'],
    ["the client's partner", { partnerId: PARTNER_ID, compromised: false }, 'accepted'],
    ['another partner', { partnerId: `ptn_${'0'.repeat(32)}`, compromised: false }, 'public_key_of_another_partner'],
    ["the client's partner, compromised", { partnerId: PARTNER_ID, compromised: true }, 'public_key_compromised'],
  ])('%s: %s', async (_, owner, expected) => {
    expect(await check(byOwn(), own, undefined, owner)).toBe(expected);
    expect(asked).toEqual(['keys', 'owner']);
    expect(await check(byJwt(), issued, await assertion(), owner)).toBe(expected);
  });
});

describe('A6, A7: private_key_jwt', () => {
  it('an assertion is good for once', async () => {
    const sent = await assertion();
    expect(await check(byJwt(), issued, sent)).toBe('accepted');
    expect(await check(byJwt(), issued, sent)).toBe('assertion_replayed');
    expect(await check(byJwt(), issued, await assertion())).toBe('accepted');
  });

  it('what is refused for another reason uses nothing up', async () => {
    const sent = await assertion();
    expect(await check(byJwt(), own, sent)).toBe('certificate_not_registered');
    expect(await check(byJwt(), issued, sent, { partnerId: PARTNER_ID, compromised: true })).toBe(
      'public_key_compromised',
    );
    expect(await check(byJwt({ clientId: `cli_${'0'.repeat(32)}` }), issued, sent)).toBe('assertion_subject');
    expect(await check(byJwt(), issued, sent)).toBe('accepted');
    expect(asked).toEqual(['keys', 'owner', 'used']);
  });

  it("an assertion for another client's use is refused, and a key of another partner", async () => {
    const stranger = { partnerId: `ptn_${'0'.repeat(32)}`, compromised: false };
    expect(await check(byJwt(), issued, await assertion(), stranger)).toBe('public_key_of_another_partner');
    expect(await check(byJwt(), issued, await assertion({ aud: [ISSUER] }))).toBe('assertion_audience');
  });

  it('A15: its certificate obeys the policy: a retired one is refused, however good the assertion', async () => {
    const retired = [registeredCertificate(issued, { retire_at: new Date(now.getTime() - 1).toISOString() })];
    expect(await check(byJwt({ certificates: retired }), issued, await assertion())).toBe('certificate_retired');
    expect(await check(byJwt({ certificates: [] }), issued, await assertion())).toBe('certificate_not_registered');
  });
});
