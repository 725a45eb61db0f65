import type { PublicKeyDescription } from './describe-public-key.js';
import type { SignatureAlgorithm } from './signature-algorithm.js';

const SMALLEST_RSA = 2048;
// FIPS 186-5 A.1.1: with an exponent of 1 everybody could sign
const SMALLEST_EXPONENT = 65_537n;
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

export const STRONG_KEYS = `RSA of ${SMALLEST_RSA} bits or more with an odd exponent of ${SMALLEST_EXPONENT} or more, EC on ${[...CURVES].join(', ')}, Ed25519 or Ed448`;
export const STRONG_SIGNATURES = 'SHA-256, SHA-384, SHA-512, Ed25519 or Ed448';

export function isStrongKey(key: PublicKeyDescription): boolean {
  return (
    (key.type === 'rsa' && (key.bits ?? 0) >= SMALLEST_RSA && isStrongExponent(key.exponent)) ||
    (key.type === 'ec' && CURVES.has(key.curve ?? '')) ||
    key.type === 'ed25519' ||
    key.type === 'ed448'
  );
}

function isStrongExponent(exponent = `${SMALLEST_EXPONENT}`): boolean {
  const value = BigInt(exponent);
  return value >= SMALLEST_EXPONENT && value % 2n === 1n;
}

export function isStrongSignature({ name }: SignatureAlgorithm): boolean {
  return SIGNATURES.has(name);
}

export function keyText({ type, bits, exponent, curve }: PublicKeyDescription): string {
  if (type === 'rsa') return `RSA, ${bits ?? 'unknown'} bits${exponent ? `, exponent ${exponent.slice(0, 40)}` : ''}`;
  if (type === 'ec') return `EC on ${curve ?? 'a curve without a name'}`;
  return type === 'other' ? 'a kind of key not known here' : type;
}

export function signatureText({ oid, name }: SignatureAlgorithm): string {
  return name === oid ? `signature algorithm ${oid}, not known here` : `${name} (${oid})`;
}
