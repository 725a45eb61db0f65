import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { CompactSign } from 'jose';

export interface SigningPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export const ecPair = (): SigningPair => generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const rsaPair = (modulusLength = 2048): SigningPair => generateKeyPairSync('rsa', { modulusLength });
export const edPair = (): SigningPair => generateKeyPairSync('ed25519');

export function jwkOf({ publicKey }: Pick<SigningPair, 'publicKey'>, members: object = {}): JsonWebKey {
  return { ...publicKey.export({ format: 'jwk' }), ...members };
}

/** A compact JWS over the claims, whatever they say. */
export function signed(
  claims: unknown,
  header: { alg: string } & Record<string, unknown>,
  key: KeyObject | Uint8Array,
) {
  const payload = new TextEncoder().encode(JSON.stringify(claims));
  return new CompactSign(payload).setProtectedHeader(header).sign(key);
}
