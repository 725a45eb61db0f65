import { generateKeyPairSync, KeyObject, webcrypto } from 'node:crypto';
import { selfSigned } from '@partner-ecosystem/test-pki';
import { describe, expect, it } from 'vitest';
import { ecPair, edPair, jwkOf, rsaPair } from './partner-keys.fixture.spec.js';
import { certificateIn, keysFor, partnerKeySet } from './partner-key-set.js';

const algorithmsOf = (...keys: object[]) => partnerKeySet({ keys }).keys.map(({ algorithms }) => algorithms.join(' '));

describe('A19, A21: the keys of a client', () => {
  it.each<[string, object, string[]]>([
    ['P-256', jwkOf(ecPair()), ['ES256']],
    ['RSA of 2048 bits', jwkOf(rsaPair()), ['PS256']],
    ['Ed25519', jwkOf(edPair()), ['EdDSA Ed25519']],
    ['Ed25519 under its old name', jwkOf(edPair(), { alg: 'EdDSA' }), ['EdDSA Ed25519']],
    ['RSA of 1024 bits, not', jwkOf(rsaPair(1024)), []],
    ['RSA whose exponent is 1, not', jwkOf(rsaPair(), { e: 'AQ' }), []],
    ['RSA for RS256, not', jwkOf(rsaPair(), { alg: 'RS256' }), []],
    ['P-384, not', jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-384' })), []],
    ['X25519, not', jwkOf(generateKeyPairSync('x25519')), []],
    ['a key for encryption, not', jwkOf(ecPair(), { use: 'enc' }), []],
    ['a key for other operations, not', jwkOf(ecPair(), { key_ops: ['encrypt'] }), []],
    ['a private part that was published, not', ecPair().privateKey.export({ format: 'jwk' }), []],
    ['a symmetric key, not', { kty: 'oct', k: 'c2VjcmV0' }, []],
    ['a point off the curve, not', jwkOf(ecPair(), { y: 'A'.repeat(43) }), []],
    ['what is no key, not', { kty: 'EC' }, []],
  ])('%s', (_, jwk, expected) => {
    expect(algorithmsOf(jwk)).toEqual(expected);
  });

  it('one that cannot be used leaves the others', () => {
    expect(algorithmsOf({ kty: 'future' }, jwkOf(ecPair()), jwkOf(rsaPair(), { use: 'enc' }))).toEqual(['ES256']);
  });

  it.each([
    [undefined],
    [null],
    ['text'],
    [{}],
    [{ keys: {} }],
    [[]],
    [{ keys: Array.from({ length: 101 }, () => ({})) }],
  ])('what is no set is refused: %j', (document) => {
    expect(() => partnerKeySet(document)).toThrow(expect.objectContaining({ code: 'partner_keys_malformed' }));
  });

  it('A6: are found by kid where one is named, and by what the key is', () => {
    const [ec, rsa] = [ecPair(), rsaPair()];
    const set = partnerKeySet({
      keys: [jwkOf(ec, { kid: 'a' }), jwkOf(rsa, { kid: 'a' }), jwkOf(ecPair(), { kid: 'b' })],
    });
    const count = (alg: string, kid?: string) => keysFor(set, { alg, kid }).length;
    expect([count('ES256', 'a'), count('PS256', 'a'), count('ES256', 'b'), count('PS256', 'b')]).toEqual([1, 1, 1, 0]);
    expect([count('ES256'), count('PS256'), count('ES256', 'c'), count('EdDSA', 'a')]).toEqual([2, 1, 0, 0]);
  });
});

describe('A13: certificates in a key set', () => {
  it('count with their own key only, the first of x5c', async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    const pair = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
    const [issued, stranger] = [
      await selfSigned({ subject: 'CN=a', keys: pair }),
      await selfSigned({ subject: 'CN=a' }),
    ];
    const [own, others] = [issued, stranger].map(({ der }) => der.toString('base64'));
    const jwk = KeyObject.from(pair.publicKey).export({ format: 'jwk' });
    const found = (x5c: unknown, thumbprint = issued.thumbprint) =>
      certificateIn(partnerKeySet({ keys: [jwkOf(ecPair()), { ...jwk, x5c }] }), thumbprint)?.thumbprint;
    expect(found([own])).toBe(issued.thumbprint);
    expect(found([own, others])).toBe(issued.thumbprint);
    expect(found([others, own])).toBeUndefined();
    expect(found([others], stranger.thumbprint)).toBeUndefined();
    expect(found(['AAAA'])).toBeUndefined();
    expect(found([])).toBeUndefined();
  });
});
