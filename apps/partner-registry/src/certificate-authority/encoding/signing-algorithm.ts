import type { webcrypto } from 'node:crypto';

/** ECDSA with the hash that is as strong as the key's curve. */
export function signingAlgorithm(key: webcrypto.CryptoKey): { name: 'ECDSA'; hash: 'SHA-256' | 'SHA-384' } {
  const { namedCurve } = key.algorithm as webcrypto.EcKeyAlgorithm;
  return { name: 'ECDSA', hash: namedCurve === 'P-384' ? 'SHA-384' : 'SHA-256' };
}
