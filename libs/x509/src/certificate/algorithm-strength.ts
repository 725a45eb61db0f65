import type { PublicKeyDescription } from './describe-public-key.js';
import type { SignatureAlgorithm } from './signature-algorithm.js';

const SMALLEST_RSA = 2048;
const CURVES = new Set(['P-256', 'P-384', 'P-521']);
// lists of the good ones: what nobody listed is refused
const SIGNATURES = new Set([
  'sha256WithRSAEncryption',
  'sha384WithRSAEncryption',
  'sha512WithRSAEncryption',
  'rsassaPss-with-SHA256',
  'rsassaPss-with-SHA384',
  'rsassaPss-with-SHA512',
  'ecdsa-with-SHA256',
  'ecdsa-with-SHA384',
  'ecdsa-with-SHA512',
  'Ed25519',
  'Ed448',
]);

export const STRONG_KEYS = `RSA of ${SMALLEST_RSA} bits or more, EC on ${[...CURVES].join(', ')}, Ed25519 or Ed448`;
export const STRONG_SIGNATURES = 'SHA-256, SHA-384, SHA-512, Ed25519 or Ed448';

export function isStrongKey(key: PublicKeyDescription): boolean {
  return (
    (key.type === 'rsa' && (key.bits ?? 0) >= SMALLEST_RSA) ||
    (key.type === 'ec' && CURVES.has(key.curve ?? '')) ||
    key.type === 'ed25519' ||
    key.type === 'ed448'
  );
}

export function isStrongSignature({ name }: SignatureAlgorithm): boolean {
  return SIGNATURES.has(name);
}

export function keyText({ type, bits, curve }: PublicKeyDescription): string {
  if (type === 'rsa') return `RSA, ${bits ?? 'unknown'} bits`;
  if (type === 'ec') return `EC on ${curve ?? 'a curve without a name'}`;
  return type === 'other' ? 'a kind of key not known here' : type;
}

export function signatureText({ oid, name }: SignatureAlgorithm): string {
  return name === oid ? `signature algorithm ${oid}, not known here` : `${name} (${oid})`;
}
