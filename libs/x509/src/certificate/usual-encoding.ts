import { createPublicKey, type KeyObject } from 'node:crypto';
import { childrenOf, readElement, tag } from '../der/der-reader.js';
import { wholeOctetsOf } from '../der/der-values.js';

/**
 * The SubjectPublicKeyInfo that everybody writes for a key. A compressed point, a curve spelled out, parameters left out
 * or an RSA key limited to PSS are the same key under another hash. undefined: it cannot be written anew.
 */
export function usualEncodingOf(spki: Buffer, key: KeyObject | undefined): Buffer | undefined {
  try {
    const numbers = key?.asymmetricKeyType === 'rsa-pss' ? rsaKeyOf(spki) : key;
    // by way of a JWK, which has the numbers of a key and nothing of how they were encoded
    const again = numbers && createPublicKey({ key: numbers.export({ format: 'jwk' }), format: 'jwk' });
    return again?.export({ format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

function rsaKeyOf(spki: Buffer): KeyObject {
  const [, bits] = childrenOf(readElement(spki, tag.sequence), tag.sequence);
  return createPublicKey({ key: wholeOctetsOf(bits), format: 'der', type: 'pkcs1' });
}
