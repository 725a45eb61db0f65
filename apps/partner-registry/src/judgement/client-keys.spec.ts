import { generateKeyPairSync, KeyObject, webcrypto } from 'node:crypto';
import { selfSigned } from '@partner-ecosystem/test-pki';
import { describe, expect, it } from 'vitest';
import { keysOfMethod } from './client-keys.js';
import { keySet, keySetUri } from '../records/key-set.schema.js';

const jwkOf = (namedCurve: string, members: object = {}) => ({
  ...generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' }),
  ...members,
});

describe('A42: the keys that a method can use', () => {
  it('are those that sign for private_key_jwt, and those with a certificate for self_signed_tls_client_auth', async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-384' };
    const pair = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
    const { der } = await selfSigned({ subject: 'CN=own', keys: pair });
    const own = KeyObject.from(pair.publicKey).export({ format: 'jwk' });
    const certified = { ...own, kid: 'certified', x5c: [der.toString('base64')] };
    const set = { keys: [{ kty: 'future' }, certified, jwkOf('P-256', { kid: 'signs' })] };
    const read = (method: 'private_key_jwt' | 'self_signed_tls_client_auth') => {
      const { keys, passedOver } = keysOfMethod(set, method);
      return [keys.map(({ kid }) => kid), passedOver.map(({ at }) => at)];
    };
    expect(read('private_key_jwt')).toEqual([['signs'], [0, 1]]);
    expect(read('self_signed_tls_client_auth')).toEqual([['certified'], [0, 2]]);
  });
});

describe('a key set', () => {
  it('is bounded, and has at least one key', () => {
    const fits = (set: unknown) => keySet.safeParse(set).success;
    expect(fits({ keys: [jwkOf('P-256')], cache_until: 1 })).toBe(true);
    expect(fits({ keys: [] })).toBe(false);
    expect(fits({ keys: Array.from({ length: 101 }, () => ({})) })).toBe(false);
    expect(fits({ keys: [jwkOf('P-256', { x5c: ['A'.repeat(65_536)] })] })).toBe(false);
    expect(fits([])).toBe(false);
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
