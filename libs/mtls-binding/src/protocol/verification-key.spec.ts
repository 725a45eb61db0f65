import { createSecretKey, generateKeyPairSync, webcrypto, type KeyObject } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { SIGNATURE_ALGORITHMS } from './bound-token.js';
import { verificationKey } from './verification-key.js';

const { subtle } = webcrypto;
const publicKeys: Record<string, KeyObject> = {
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey,
  'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey,
  secp256k1: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey,
  'RSA 2048': generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey,
  'RSA 1024': generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey,
  Ed25519: generateKeyPairSync('ed25519').publicKey,
  Ed448: generateKeyPairSync('ed448').publicKey,
  X25519: generateKeyPairSync('x25519').publicKey,
};
const FITTING: Record<string, string> = { ES256: 'P-256', PS256: 'RSA 2048', EdDSA: 'Ed25519', Ed25519: 'Ed25519' };

describe('R4, A19: the key that an algorithm is verified with', () => {
  describe.each(SIGNATURE_ALGORITHMS)('%s', (algorithm) => {
    it.each(Object.keys(publicKeys))('takes a public key of its own kind and no other: %s', (kind) => {
      const key = publicKeys[kind]!;
      if (FITTING[algorithm] === kind) expect(verificationKey(algorithm, key)).toBe(key);
      else expect(() => verificationKey(algorithm, key)).toThrow(TypeError);
    });

    it('takes what jose imports from a key set, and the same object each time', async () => {
      const { publicKey } = await generateKeyPair(algorithm, { extractable: true });
      const imported = await importJWK(await exportJWK(publicKey), algorithm);
      const key = verificationKey(algorithm, imported);
      expect(key.type).toBe('public');
      expect(verificationKey(algorithm, imported)).toBe(key);
    });

    it('takes no private key, though the public one is in it', async () => {
      const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
      expect(() => verificationKey(algorithm, privateKey)).toThrow(TypeError);
    });

    it('takes no secret, text, bytes or bare JWK', () => {
      const jwk = publicKeys['P-256']!.export({ format: 'jwk' });
      for (const key of [createSecretKey(Buffer.alloc(32)), 'k', new Uint8Array(32), jwk, null, undefined]) {
        expect(() => verificationKey(algorithm, key)).toThrow(TypeError);
      }
    });
  });

  it.each(['none', 'HS256', 'RS256', 'ES384', 'toString', '__proto__', ''])('there is none for %j', (algorithm) => {
    for (const key of Object.values(publicKeys)) expect(() => verificationKey(algorithm, key)).toThrow(TypeError);
  });

  describe('a CryptoKey that was imported for something else is refused', () => {
    const rsa = publicKeys['RSA 2048']!.export({ format: 'jwk' });
    const ec = publicKeys['P-256']!.export({ format: 'jwk' });
    let keys: Record<string, webcrypto.CryptoKey>;

    beforeAll(async () => {
      const of = (jwk: webcrypto.JsonWebKey, algorithm: object, usages: webcrypto.KeyUsage[]) =>
        subtle.importKey('jwk', jwk, algorithm as webcrypto.AlgorithmIdentifier, true, usages);
      keys = {
        'PS256 PKCS #1 v1.5': await of(rsa, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, ['verify']),
        'PS256 SHA-512': await of(rsa, { name: 'RSA-PSS', hash: 'SHA-512' }, ['verify']),
        'PS256 encryption': await of(rsa, { name: 'RSA-OAEP', hash: 'SHA-256' }, ['encrypt']),
        'PS256 nothing': await of(rsa, { name: 'RSA-PSS', hash: 'SHA-256' }, []),
        'ES256 agreement': await of(ec, { name: 'ECDH', namedCurve: 'P-256' }, []),
        'ES256 nothing': await of(ec, { name: 'ECDSA', namedCurve: 'P-256' }, []),
      };
    });

    it.each([
      'PS256 PKCS #1 v1.5',
      'PS256 SHA-512',
      'PS256 encryption',
      'PS256 nothing',
      'ES256 agreement',
      'ES256 nothing',
    ])('%s', (name) => {
      expect(() => verificationKey(name.split(' ')[0]!, keys[name])).toThrow(TypeError);
    });
  });

  it('forgets nothing of it when the same key is asked for under another algorithm', () => {
    const key = publicKeys['P-256']!;
    expect(verificationKey('ES256', key)).toBe(key);
    expect(() => verificationKey('PS256', key)).toThrow(TypeError);
    expect(verificationKey('ES256', key)).toBe(key);
  });
});
