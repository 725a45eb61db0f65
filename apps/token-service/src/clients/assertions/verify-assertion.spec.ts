import type { KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { partnerKeySet } from '../partner-keys/partner-key-set.js';
import { ecPair, edPair, jwkOf, rsaPair, signed, type SigningPair } from '../partner-keys/partner-keys.fixture.spec.js';
import { checkOf, CLIENT_ID } from '../registered-client.fixture.spec.js';
import { ASSERTION_TYPE, assertionHeader } from './assertion-header.js';
import { verifyAssertion } from './verify-assertion.js';

const ISSUER = 'https://issuer.test';
const now = new Date('2026-06-01T12:00:00Z');
const seconds = now.getTime() / 1000;
const [ec, rsa, ed, other] = [ecPair(), rsaPair(), edPair(), ecPair()];
const keys = partnerKeySet({
  keys: [jwkOf(ec, { kid: 'ec' }), jwkOf(rsa, { kid: 'rsa' }), jwkOf(ed, { kid: 'ed', alg: 'EdDSA' })],
});

const claims = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  iss: CLIENT_ID,
  sub: CLIENT_ID,
  aud: ISSUER,
  iat: seconds,
  exp: seconds + 60,
  jti: 'one',
  ...changes,
});

interface Attack {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: KeyObject | Uint8Array;
  type?: string;
}

const assertion = ({ claims: changes, header, key = ec.privateKey }: Attack) =>
  signed(claims(changes), { alg: 'ES256', kid: 'ec', ...header }, key);

async function verify(value: string, type = ASSERTION_TYPE) {
  const header = assertionHeader({ type, value });
  return verifyAssertion(value, header, keys, { clientId: CLIENT_ID, issuer: ISSUER, now });
}

const check = async (attack: Attack) => {
  const value = await assertion(attack);
  return checkOf(() => verify(value, attack.type));
};

describe('A6: a client assertion', () => {
  it('says who, for how long, and with which key', async () => {
    const verified = await verify(await assertion({}));
    expect(verified).toMatchObject({ jti: 'one', expiresAt: new Date('2026-06-01T12:01:00Z') });
    expect(verified.key).toBe(keys.keys[0]);
  });

  it.each<[string, Attack, string, Attack]>([
    ['aud as an array', { claims: { aud: [ISSUER] } }, 'assertion_audience', { claims: { aud: ISSUER } }],
    ['aud of the token endpoint', { claims: { aud: `${ISSUER}/token` } }, 'assertion_audience', {}],
    ['aud with a slash', { claims: { aud: `${ISSUER}/` } }, 'assertion_audience', {}],
    ['aud of another server', { claims: { aud: 'https://other.test' } }, 'assertion_audience', {}],
    ['no aud', { claims: { aud: undefined } }, 'assertion_aud', {}],
    ['iss that is not sub', { claims: { iss: 'cli_other' } }, 'assertion_issuer', {}],
    ['sub that is not iss', { claims: { sub: 'cli_other' } }, 'assertion_issuer', {}],
    ["another client's iss and sub", { claims: { iss: 'cli_other', sub: 'cli_other' } }, 'assertion_subject', {}],
    ['no iss', { claims: { iss: undefined } }, 'assertion_iss', {}],
    ['no sub', { claims: { sub: undefined } }, 'assertion_sub', {}],
    [
      '301 s between iat and exp',
      { claims: { exp: seconds + 301 } },
      'assertion_lifetime',
      { claims: { exp: seconds + 300 } },
    ],
    [
      'exp before iat',
      { claims: { iat: seconds + 20, exp: seconds + 10 } },
      'assertion_lifetime',
      { claims: { iat: seconds + 9, exp: seconds + 10 } },
    ],
    ['exp now', { claims: { exp: seconds, iat: seconds - 60 } }, 'assertion_expired', { claims: { exp: seconds + 1 } }],
    ['no exp', { claims: { exp: undefined } }, 'assertion_exp', {}],
    ['exp as text', { claims: { exp: `${seconds + 60}` } }, 'assertion_exp', {}],
    ['no iat', { claims: { iat: undefined } }, 'assertion_iat', {}],
    ['no jti', { claims: { jti: undefined } }, 'assertion_jti', {}],
    ['an empty jti', { claims: { jti: '' } }, 'assertion_jti', {}],
    ['an endless jti', { claims: { jti: 'x'.repeat(257) } }, 'assertion_jti', { claims: { jti: 'x'.repeat(256) } }],
  ])('%s is refused', async (_, attack, expected, twin) => {
    expect(await check(attack)).toBe(expected);
    expect(await check(twin)).toBe('accepted');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['iat 10 s ahead', { iat: seconds + 10, exp: seconds + 70 }, 'accepted'],
    ['iat 60 s ahead', { iat: seconds + 60, exp: seconds + 70 }, 'accepted'],
    ['iat 61 s ahead', { iat: seconds + 61, exp: seconds + 70 }, 'assertion_issued_ahead'],
    ['nbf 10 s ahead', { nbf: seconds + 10 }, 'accepted'],
    ['nbf 61 s ahead', { nbf: seconds + 61 }, 'assertion_not_yet_valid'],
    ['nbf in the past', { nbf: seconds - 100 }, 'accepted'],
    ['nbf as text', { nbf: 'now' }, 'assertion_nbf'],
  ])('A7: %s', async (_, changes, expected) => {
    expect(await check({ claims: changes })).toBe(expected);
  });

  it('of another type than a JWT bearer assertion is refused', async () => {
    const type = 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer';
    expect(await check({ type })).toBe('assertion_type');
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'assertion_malformed'],
    ['one part', 'x', 'assertion_malformed'],
    ['a header that is not base64url', 'a.b.c', 'assertion_malformed'],
    ['an empty header', 'e30.e30.', 'assertion_algorithm'],
    ['dots', '..', 'assertion_malformed'],
    ['two parts', 'eyJhbGciOiJFUzI1NiJ9.e30', 'assertion_malformed'],
    ['an encrypted one', 'eyJhbGciOiJFQ0RILUVTIn0.a.b.c.d', 'assertion_algorithm'],
    ['an endless one', `eyJhbGciOiJFUzI1NiJ9.${'a'.repeat(9_000)}.c`, 'assertion_malformed'],
  ])('that is no JWS is refused: %s', async (_, value, expected) => {
    expect(await checkOf(() => verify(value))).toBe(expected);
  });

  it('whose payload is not JSON is refused', async () => {
    const [header, , signature] = (await assertion({})).split('.');
    expect(await checkOf(() => verify(`${header}.eA.${signature}`))).toBe('assertion_signature');
    const text = await signed('text', { alg: 'ES256', kid: 'ec' }, ec.privateKey);
    expect(await checkOf(() => verify(text))).toBe('assertion_claims');
  });
});

describe('A6, A19: how an assertion is signed', () => {
  const pairs: Record<string, SigningPair> = { ec, rsa, ed };

  it.each([
    ['ES256', 'ec'],
    ['PS256', 'rsa'],
    ['EdDSA', 'ed'],
    ['Ed25519', 'ed'],
  ])('%s is accepted, with a kid and without', async (alg, kid) => {
    const key = pairs[kid]!.privateKey;
    expect(await check({ header: { alg, kid }, key })).toBe('accepted');
    expect(await check({ header: { alg, kid: undefined }, key })).toBe('accepted');
  });

  it.each<[string, Attack, string]>([
    ['RS256', { header: { alg: 'RS256', kid: 'rsa' }, key: rsa.privateKey }, 'assertion_algorithm'],
    ['PS512', { header: { alg: 'PS512', kid: 'rsa' }, key: rsa.privateKey }, 'assertion_algorithm'],
    [
      'HS256 with the public key as the secret',
      { header: { alg: 'HS256' }, key: ec.publicKey.export({ type: 'spki', format: 'der' }) },
      'assertion_algorithm',
    ],
    [
      'HS256 with the public key as PEM',
      { header: { alg: 'HS256' }, key: Buffer.from(ec.publicKey.export({ type: 'spki', format: 'pem' })) },
      'assertion_algorithm',
    ],
    [
      'an algorithm of another key',
      { header: { alg: 'PS256', kid: 'ec' }, key: rsa.privateKey },
      'assertion_key_unknown',
    ],
    ['an unknown kid', { header: { kid: 'unknown' } }, 'assertion_key_unknown'],
    ["the kid of one key, another's signature", { key: other.privateKey }, 'assertion_signature'],
    ['an embedded jwk', { header: { jwk: jwkOf(other) }, key: other.privateKey }, 'assertion_header'],
    ['an embedded jwk of the right key', { header: { jwk: jwkOf(ec) } }, 'assertion_header'],
    ['a jku (A21)', { header: { jku: 'https://evil.test/jwks' }, key: other.privateKey }, 'assertion_header'],
    ['an x5u (A21)', { header: { x5u: 'https://evil.test/x5u' }, key: other.privateKey }, 'assertion_header'],
    ['the type of an access token', { header: { typ: 'at+jwt' } }, 'assertion_header'],
    ['the type of a JWT', { header: { typ: 'JWT' } }, 'accepted'],
    ['the type of an assertion', { header: { typ: 'application/client-authentication+jwt' } }, 'accepted'],
    ['an x5c, which has no effect', { header: { x5c: ['AAAA'] }, key: other.privateKey }, 'assertion_signature'],
  ])('%s', async (_, attack, expected) => expect(await check(attack)).toBe(expected));

  it('alg none is refused, with and without what was a signature', async () => {
    const [, payload, signature] = (await assertion({})).split('.');
    const header = Buffer.from('{"alg":"none","kid":"ec"}').toString('base64url');
    expect(await checkOf(() => verify(`${header}.${payload}.`))).toBe('assertion_algorithm');
    expect(await checkOf(() => verify(`${header}.${payload}.${signature}`))).toBe('assertion_algorithm');
  });

  it.each<[string, object, string]>([
    ['crit', { crit: ['b64'], b64: false }, 'assertion_header'],
    ['a kid that is no text', { kid: 7 }, 'assertion_header'],
    ['a type that is no text', { typ: ['JWT'] }, 'assertion_header'],
    ['an algorithm that is no text', { alg: ['ES256'] }, 'assertion_algorithm'],
  ])('%s in the header is refused', async (_, changes, expected) => {
    const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'ec', ...changes })).toString('base64url');
    const [, payload, signature] = (await assertion({})).split('.');
    expect(await checkOf(() => verify(`${header}.${payload}.${signature}`))).toBe(expected);
  });

  it('without a kid, and two keys it may have been signed with, it is refused rather than tried', async () => {
    const two = partnerKeySet({ keys: [jwkOf(ec, { kid: 'a' }), jwkOf(other, { kid: 'b' })] });
    const value = await assertion({ header: { kid: undefined } });
    const rules = { clientId: CLIENT_ID, issuer: ISSUER, now };
    const header = { alg: 'ES256', kid: undefined };
    expect(await checkOf(() => verifyAssertion(value, header, two, rules))).toBe('assertion_key_ambiguous');
  });
});
