import type { KeyObject } from 'node:crypto';
import { isStrongSignature } from '../certificate/algorithm-strength.js';
import { isSignatureBy } from '../certificate/is-signature-by.js';
import type { Crl } from './crl.js';

/** Whether this key signed the list, with an algorithm that may be relied on. */
export function isSignedBy(list: Crl, key: KeyObject): boolean {
  return isStrongSignature(list.signatureAlgorithm) && isSignatureBy(list, key);
}
