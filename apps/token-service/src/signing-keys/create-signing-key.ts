import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import type { SigningAlgorithm } from '../records/signing-algorithm.js';
import type { SigningKey } from '../records/signing-key.entity.js';

export type NewSigningKey = Pick<SigningKey, 'kid' | 'purpose' | 'alg' | 'status' | 'publicJwk' | 'privateJwe'>;

const RSA_BITS = 2048; // A19; a key signs for a month

/** A fresh key pair: the public part as published, the private part already encrypted. // A20, A28 */
export async function createSigningKey(
  alg: SigningAlgorithm,
  status: 'next' | 'current',
  encryption: KeyEncryptionKey,
): Promise<Omit<NewSigningKey, 'purpose'>> {
  const pair = await generateKeyPair(alg, {
    extractable: true,
    ...(alg === 'PS256' ? { modulusLength: RSA_BITS } : {}),
    ...(alg === 'EdDSA' ? { crv: 'Ed25519' } : {}),
  });
  const publicPart: JWK = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(publicPart);
  return {
    kid,
    alg,
    status,
    publicJwk: { ...publicPart, kid, alg, use: 'sig' },
    privateJwe: await encryption.encrypt(await exportJWK(pair.privateKey), kid),
  };
}
