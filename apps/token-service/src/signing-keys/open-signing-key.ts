import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, importJWK, type CryptoKey, type JWK } from 'jose';
import { UndecryptableKeyError, type KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import type { SigningAlgorithm } from '../records/signing-algorithm.js';
import type { SigningKey } from '../records/signing-key.entity.js';

/** A live key, ready for use. */
export interface OpenedKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly privateKey: CryptoKey;
  /** The same for `node:crypto`, read once: reading a key costs as much as many signatures. */
  readonly keyObject: KeyObject;
  /** As published. */
  readonly publicJwk: JWK;
}

/**
 * Opens a stored key. What is published comes out of the ciphertext, never from the column beside it: whoever can write
 * to the table but does not hold the key-encryption key cannot slip a key of their own into the key set. // A20, A28
 * @throws UndecryptableKeyError
 */
export async function openSigningKey(
  { kid, alg, privateJwe }: Pick<SigningKey, 'kid' | 'alg' | 'privateJwe'>,
  encryption: KeyEncryptionKey,
): Promise<OpenedKey> {
  const jwk = await encryption.decrypt(privateJwe ?? '', kid);
  if ((await calculateJwkThumbprint(jwk)) !== kid) {
    throw new UndecryptableKeyError(`the signing key ${kid} cannot be used: its private part belongs to another key`);
  }
  const privateKey = await importJWK(jwk, alg);
  if (privateKey instanceof Uint8Array) throw new TypeError(`the signing key ${kid} is symmetric`);
  const keyObject = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' });
  return { kid, alg, privateKey, keyObject, publicJwk: { ...publicPartOf(jwk), kid, alg, use: 'sig' } };
}

function publicPartOf({ kty, crv, x, y, n, e }: JWK): JWK {
  const members = Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(members) as unknown as JWK;
}
