import type { KeyObject } from 'node:crypto';
import { isStrongSignature } from '../certificate/algorithm-strength.js';
import { isSignatureBy } from '../certificate/is-signature-by.js';
import type { RevocationList } from './revocation-list.js';

/** Whether this key signed the list, with an algorithm that may be relied on. */
export function isSignedBy(list: RevocationList, key: KeyObject): boolean {
  return isStrongSignature(list.signatureAlgorithm) && isSignatureBy(list, key);
}
