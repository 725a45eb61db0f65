import { createPublicKey, type KeyObject } from 'node:crypto';

/** The key of a SubjectPublicKeyInfo; undefined when OpenSSL cannot use it. */
export function requestedKey(spki: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/**
 * Whether a SubjectPublicKeyInfo is what everybody writes for this key. A compressed point, or parameters left out, would
 * be the same key under another hash, and nobody would know it again. What cannot be written anew is not judged.
 */
export function isUsuallyEncoded(spki: Buffer, key: KeyObject | undefined): boolean {
  const usual = key && writtenAnew(key);
  return usual === undefined || usual.equals(spki);
}

// By way of a JWK, which has the numbers of a key and nothing of how they were encoded.
function writtenAnew(key: KeyObject): Buffer | undefined {
  try {
    const again = createPublicKey({ key: key.export({ format: 'jwk' }), format: 'jwk' });
    return again.export({ format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
