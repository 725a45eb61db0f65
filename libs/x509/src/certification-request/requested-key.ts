import { createPublicKey, type KeyObject } from 'node:crypto';
import { usualEncodingOf } from '../certificate/usual-encoding.js';

/** The key of a SubjectPublicKeyInfo; undefined when OpenSSL cannot use it. */
export function requestedKey(spki: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** Whether a SubjectPublicKeyInfo has the usual encoding. What cannot be written anew is not judged. */
export function isUsuallyEncoded(spki: Buffer, key: KeyObject | undefined): boolean {
  const usual = usualEncodingOf(spki, key);
  return usual === undefined || usual.equals(spki);
}
