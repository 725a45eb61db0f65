import { constants, verify, type KeyObject } from 'node:crypto';
import { isStrongSignature } from '../certificate/algorithm-strength.js';
import type { RevocationList } from './revocation-list.js';

/** Whether this key signed the list, with an algorithm that may be relied on. node:crypto verifies. */
export function isSignedBy(list: RevocationList, key: KeyObject): boolean {
  const { name } = list.signatureAlgorithm;
  if (!isStrongSignature(list.signatureAlgorithm) || !keyTypesOf(name).includes(key.asymmetricKeyType ?? ''))
    return false;
  const hash = /SHA-?(256|384|512)/i.exec(name)?.[1];
  try {
    return verify(hash ? `sha${hash}` : null, list.signedPart, { key, ...paddingOf(name) }, list.signature);
  } catch {
    // a signature or a key of a form that OpenSSL does not take
    return false;
  }
}

function keyTypesOf(algorithm: string): string[] {
  if (algorithm.startsWith('rsassaPss')) return ['rsa', 'rsa-pss'];
  if (algorithm.endsWith('RSAEncryption')) return ['rsa'];
  if (algorithm.startsWith('ecdsa')) return ['ec'];
  return [algorithm.toLowerCase()];
}

function paddingOf(algorithm: string): { padding?: number; saltLength?: number } {
  if (!algorithm.startsWith('rsassaPss')) return {};
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO };
}
