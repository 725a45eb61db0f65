import { constants, verify, type KeyObject } from 'node:crypto';
import type { SignatureAlgorithm } from './signature-algorithm.js';

/** What a certificate, a CRL or a request is: octets, and a signature over them. */
export interface Signed {
  /** the octets under the signature */
  signedPart: Buffer;
  signature: Buffer;
  signatureAlgorithm: SignatureAlgorithm;
}

/**
 * Whether this key made the signature, by the algorithm that is named. node:crypto verifies.
 * Does not check: whether the algorithm may be relied on; see `isStrongSignature`.
 */
export function isSignatureBy({ signedPart, signature, signatureAlgorithm }: Signed, key: KeyObject): boolean {
  const { name } = signatureAlgorithm;
  if (!keyTypesOf(name).includes(key.asymmetricKeyType ?? '')) return false;
  const hash = /SHA-?(1|224|256|384|512)|MD5/i.exec(name)?.[0].replace('-', '');
  try {
    return verify(hash ?? null, signedPart, { key, ...paddingOf(name) }, signature);
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
