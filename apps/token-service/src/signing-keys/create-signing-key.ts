import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { KeyEncryptionKey } from './key-encryption-key.js';
import type { SigningKey } from './signing-key.entity.js';

/** ES256 unless a later decision adds others: docs/adr/0004. // A19 */
export const DEFAULT_ALGORITHM = 'ES256';

/** A fresh key pair: the public part as published, the private part already encrypted. // A20, A28 */
export async function createSigningKey(encryption: KeyEncryptionKey): Promise<Omit<SigningKey, 'createdAt'>> {
  const pair = await generateKeyPair(DEFAULT_ALGORITHM, { extractable: true });
  const publicPart: JWK = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(publicPart);
  return {
    kid,
    alg: DEFAULT_ALGORITHM,
    status: 'current',
    publicJwk: { ...publicPart, kid, alg: DEFAULT_ALGORITHM, use: 'sig' },
    privateJwe: await encryption.encrypt(await exportJWK(pair.privateKey), kid),
  };
}
