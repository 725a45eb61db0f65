import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose';

/** An ES256 key made for the occasion. */
export interface TestKey {
  readonly alg: 'ES256';
  readonly kid: string;
  readonly privateKey: CryptoKey;
  /** what a JWKS publishes of it */
  readonly jwk: JWK;
}

/** @param kid default: a new one */
export async function createTestKey(kid: string = `test-${randomUUID()}`): Promise<TestKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  return { alg: 'ES256', kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } };
}
