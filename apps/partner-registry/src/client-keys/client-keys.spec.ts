import { generateKeyPairSync, KeyObject, type KeyPairKeyObjectResult, webcrypto } from 'node:crypto';
import { selfSigned, type Issued } from '@partner-ecosystem/test-pki';
import { parseCertificate } from '@partner-ecosystem/x509';
import { beforeAll, describe, expect, it } from 'vitest';
import { clientKeys } from './client-keys.js';
import { keySet, keySetUri } from './key-set.schema.js';

const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwkOf = ({ publicKey }: KeyPairKeyObjectResult, members: object = {}) => ({
  ...publicKey.export({ format: 'jwk' }),
  kid: 'one',
  ...members,
});
const faultsOf = (...keys: object[]) =>
  (keySet.safeParse({ keys }).error?.issues ?? []).map(({ path }) => `/${path.join('/')}`);

describe('a key set', () => {
  it.each([
    ['EC P-256', ec(), { alg: 'ES256' }],
    ['RSA of 2048 bits', generateKeyPairSync('rsa', { modulusLength: 2048 }), { alg: 'PS256', use: 'sig' }],
    ['Ed25519', generateKeyPairSync('ed25519'), { alg: 'EdDSA', key_ops: ['verify'] }],
  ])('takes %s', (_, keys, members) => {
    expect(faultsOf(jwkOf(keys, members))).toEqual([]);
  });

  it.each([
    ['an RSA key of 1024 bits', jwkOf(generateKeyPairSync('rsa', { modulusLength: 1024 })), ['/keys/0/n']],
    [
      'an RSA key whose exponent is 1',
      jwkOf(generateKeyPairSync('rsa', { modulusLength: 2048 }), { e: 'AQ' }),
      ['/keys/0/e'],
    ],
    [
      'another curve',
      jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-384' })),
      ['/keys/0/crv', '/keys/0/x', '/keys/0/y'],
    ],
    ['an X25519 key', jwkOf(generateKeyPairSync('x25519')), ['/keys/0/crv']],
    ['a symmetric key', { kty: 'oct', kid: 'one', k: 'c2VjcmV0' }, ['/keys/0/kty']],
    ['a point off the curve', jwkOf(ec(), { y: 'A'.repeat(43) }), ['/keys/0/x']],
    ['RS256', jwkOf(generateKeyPairSync('rsa', { modulusLength: 2048 }), { alg: 'RS256' }), ['/keys/0/alg']],
    ['an algorithm of another key type', jwkOf(ec(), { alg: 'PS256' }), ['/keys/0/alg']],
    ['a key for encryption', jwkOf(ec(), { use: 'enc' }), ['/keys/0/use']],
    ['no kid', jwkOf(ec(), { kid: undefined }), ['/keys/0/kid']],
    ['a link elsewhere', jwkOf(ec(), { x5u: 'https://a.example' }), ['/keys/0']],
    ['the private part', { ...ec().privateKey.export({ format: 'jwk' }), kid: 'one' }, ['/keys/0']],
  ])('refuses %s', (_, jwk, pointers) => {
    expect(faultsOf(jwk)).toEqual(pointers);
  });

  it('is bounded, has at least one key, and each kid once', () => {
    const key = jwkOf(ec());
    expect(faultsOf()).toEqual(['/keys']);
    expect(faultsOf(key, key)).toEqual(['/keys']);
    const many = Array.from({ length: 11 }, (_, at) => ({ ...key, kid: `${at}` }));
    expect(faultsOf(...many)).toEqual(['/keys']);
    expect(faultsOf(...many.slice(1))).toEqual([]);
    const large = many.slice(1).map((jwk) => ({ ...jwk, x5c: Array.from({ length: 4 }, () => 'AAAA'.repeat(2000)) }));
    expect(keySet.safeParse({ keys: large }).success).toBe(false);
  });
});

describe('the certificates of a key set', () => {
  let pair: webcrypto.CryptoKeyPair;
  let issued: Issued;
  let jwk: object;

  beforeAll(async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    pair = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
    issued = await selfSigned({ subject: 'CN=importer', keys: pair });
    jwk = { ...KeyObject.from(pair.publicKey).export({ format: 'jwk' }), kid: 'one' };
  });

  const read = (members: object, needed = true) => clientKeys(keySet.parse({ keys: [{ ...jwk, ...members }] }), needed);
  const x5c = () => [issued.der.toString('base64')];

  it('belong to their keys', () => {
    const { keys, faults } = read({ x5c: x5c(), 'x5t#S256': issued.thumbprint });
    expect(faults).toEqual([]);
    expect(keys).toMatchObject([{ kid: 'one', spkiSha256: parseCertificate(issued.der).spkiSha256 }]);
    expect(keys[0]!.certificate?.thumbprint).toBe(issued.thumbprint);
  });

  it('are asked for where the method needs them', () => {
    expect(read({}).faults).toMatchObject([{ pointer: '/keys/0/x5c' }]);
    expect(read({}, false)).toMatchObject({ faults: [], keys: [{ certificate: undefined }] });
  });

  it('of another key, with another thumbprint, or that are none, are faults', async () => {
    const other = await selfSigned({ subject: 'CN=importer' });
    expect(read({ x5c: [other.der.toString('base64')] }).faults).toMatchObject([{ pointer: '/keys/0/x5c/0' }]);
    expect(read({ x5c: x5c(), 'x5t#S256': other.thumbprint }).faults).toMatchObject([{ pointer: '/keys/0/x5t#S256' }]);
    expect(read({ x5c: ['AAAA'] }).faults).toMatchObject([{ pointer: '/keys/0/x5c/0' }]);
  });
});

describe('the address of a key set', () => {
  it.each(['https://acme.example/jwks', 'https://acme.example:8443/jwks?v=1'])('may be %s', (uri) => {
    expect(keySetUri.safeParse(uri).success).toBe(true);
  });

  it.each([
    'http://acme.example/jwks',
    'https://user@acme.example/jwks',
    'https://acme.example/jwks#x',
    'https://',
    'file:///etc/passwd',
    'https://acme.example/a b',
    `https://acme.example/${'x'.repeat(500)}`,
  ])('may not be %s', (uri) => {
    expect(keySetUri.safeParse(uri).success).toBe(false);
  });
});
