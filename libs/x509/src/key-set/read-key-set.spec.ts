import { generateKeyPairSync, KeyObject, webcrypto, type KeyPairKeyObjectResult } from 'node:crypto';
import { selfSigned, type Issued } from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { isPrivateJwk } from './private-members.js';
import { readKeySet } from './read-key-set.js';

const ec = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve });
const rsa = (modulusLength = 2048) => generateKeyPairSync('rsa', { modulusLength });
const jwkOf = ({ publicKey }: Pick<KeyPairKeyObjectResult, 'publicKey'>, members: object = {}) => ({
  ...publicKey.export({ format: 'jwk' }),
  kid: 'one',
  ...members,
});
const good = ec();
const algorithmsOf = (...keys: unknown[]) => readKeySet({ keys }).keys.map(({ algorithms }) => algorithms.join(' '));

describe('A42: the keys of a set', () => {
  it.each<[string, object, string]>([
    ['EC P-256', jwkOf(good, { alg: 'ES256' }), 'ES256'],
    ['RSA of 2048 bits', jwkOf(rsa(), { alg: 'PS256', use: 'sig' }), 'PS256'],
    ['Ed25519', jwkOf(generateKeyPairSync('ed25519'), { alg: 'EdDSA', key_ops: ['verify'] }), 'EdDSA Ed25519'],
    ['one without kid', jwkOf(good, { kid: undefined }), 'ES256'],
    ['members that are not known', jwkOf(good, { iat: 1, exp: 2, 'x-note': { a: [] } }), 'ES256'],
    ['x5t, x5u and jku, which lead nowhere', jwkOf(good, { x5t: 'a', x5u: 'https://a.example', jku: 'x' }), 'ES256'],
    ['another thumbprint', jwkOf(good, { 'x5t#S256': 'A'.repeat(43) }), 'ES256'],
    ['empty lists, as .NET writes them', jwkOf(good, { key_ops: [], x5c: [], oth: [] }), 'ES256'],
    ['nulls', jwkOf(good, { d: null, use: null, alg: null, x5c: null, key_ops: null, kid: null }), 'ES256'],
  ])('reads %s', (_, jwk, algorithms) => {
    expect(algorithmsOf(jwk)).toEqual([algorithms]);
    expect(readKeySet({ keys: [jwk] }).passedOver).toEqual([]);
  });

  it.each<[string, unknown, RegExp]>([
    ['an encryption key', jwkOf(good, { use: 'enc' }), /use/],
    ['a key for other operations', jwkOf(good, { key_ops: ['encrypt'] }), /key_ops/],
    ['P-384', jwkOf(ec('P-384')), /no assertion/],
    ['ML-DSA', { kty: 'AKP', alg: 'ML-DSA-65', pub: 'AAAA' }, /kty/],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }, /private/],
    ['X25519', jwkOf(generateKeyPairSync('x25519')), /no assertion/],
    ['RSA of 1024 bits', jwkOf(rsa(1024)), /no assertion/],
    ['RSA whose exponent is 1', jwkOf(rsa(), { e: 'AQ' }), /no assertion/],
    ['RS256', jwkOf(rsa(), { alg: 'RS256' }), /no assertion/],
    ['an algorithm of another key type', jwkOf(good, { alg: 'PS256' }), /no assertion/],
    ['a point off the curve', jwkOf(good, { y: 'A'.repeat(43) }), /no public key/],
    ['a private part', { ...good.privateKey.export({ format: 'jwk' }) }, /private/],
    ['a member of another type', jwkOf(good, { kid: 7 }), /type/],
    ['a kid without end', jwkOf(good, { kid: 'x'.repeat(201) }), /kid/],
    ['no kty', { crv: 'P-256' }, /kty/],
    ['null', null, /object/],
    ['text', 'key', /object/],
  ])('passes over %s, and reads those beside it', (_, jwk, reason) => {
    const { keys, passedOver } = readKeySet({ keys: [jwk, jwkOf(good)] });
    expect(keys.map(({ algorithms }) => algorithms)).toEqual([['ES256']]);
    expect(passedOver).toEqual([{ at: 0, reason: expect.stringMatching(reason) as string }]);
  });

  it('keeps what was read, and nothing else', () => {
    const jwk = jwkOf(good, { use: 'sig' });
    const [key] = readKeySet({ keys: [{ ...jwk, x5u: 'https://a.example', key_ops: [] }], cache_until: 1 }).keys;
    expect(key!.jwk).toEqual(jwk);
  });

  it.each([
    [undefined],
    [null],
    ['text'],
    [[]],
    [{}],
    [{ keys: {} }],
    [{ keys: Array.from({ length: 101 }, () => 1) }],
  ])('refuses what is no set: %j', (document) => {
    expect(() => readKeySet(document)).toThrow(expect.objectContaining({ code: 'key_set_malformed' }));
  });
});

describe('A13, A42: the certificates of a set', () => {
  let pair: webcrypto.CryptoKeyPair;
  let issued: Issued;

  beforeAll(async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-384' };
    pair = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
    issued = await selfSigned({ subject: 'CN=own', keys: pair });
  });

  it('make a key useful that signs no assertion, whatever its alg', () => {
    const jwk = KeyObject.from(pair.publicKey).export({ format: 'jwk' });
    const x5c = [issued.der.toString('base64')];
    for (const alg of ['ES384', undefined]) {
      const { keys } = readKeySet({ keys: [{ ...jwk, alg, x5c }] });
      expect(keys.map(({ certificate }) => certificate?.thumbprint)).toEqual([issued.thumbprint]);
      expect(keys[0]!.algorithms).toEqual([]);
    }
  });

  it('count with their own key only', async () => {
    const other = await selfSigned({ subject: 'CN=own' });
    for (const x5c of [[other.der.toString('base64')], ['AAAA']]) {
      expect(readKeySet({ keys: [jwkOf(good, { x5c })] }).keys[0]!.certificate).toBeUndefined();
    }
  });
});

describe('a private key in a JWK', () => {
  it.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'priv'])('is there when %s says something', (name) => {
    expect(isPrivateJwk({ kty: 'x', [name]: 'AAAA' })).toBe(true);
    for (const value of [null, '', [], undefined]) expect(isPrivateJwk({ kty: 'x', [name]: value })).toBe(false);
  });

  it('is not there in what is no key', () => {
    expect(isPrivateJwk({ d: 'AAAA' })).toBe(false);
    expect(isPrivateJwk({ kty: 'RSA', oth: [{ r: 'a' }] })).toBe(true);
  });
});
