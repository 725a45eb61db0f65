import { createPublicKey, createHash, type JsonWebKey, type KeyObject } from 'node:crypto';
import { parseCertificate, X509Error, type Certificate } from '@partner-ecosystem/x509';
import type { z } from 'zod';
import type { publicJwk } from './key-set.schema.js';

/** A public key of a client: what it may sign with, and the certificate it came with. */
export interface PartnerKey {
  readonly kid: string | undefined;
  /** JWS algorithms an assertion signed with it may name; none for a key that only comes with a certificate. // A19 */
  readonly algorithms: readonly string[];
  readonly publicKey: KeyObject;
  /** Lower-case hex of SHA-256 over SubjectPublicKeyInfo. */
  readonly spkiSha256: string;
  /** Of the first of `x5c`, and only if it certifies this very key. // A13 */
  readonly certificate: Certificate | undefined;
}

const SMALLEST_RSA = 2048;
const SMALLEST_EXPONENT = 65_537n;

/** @returns undefined for numbers that are no public key */
export function partnerKeyFrom(jwk: z.infer<typeof publicJwk>): PartnerKey | undefined {
  const publicKey = publicKeyOf(jwk);
  if (!publicKey) return undefined;
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const spkiSha256 = createHash('sha256').update(spki).digest('hex');
  const certificate = jwk.x5c && certificateOf(jwk.x5c[0]);
  return {
    kid: jwk.kid,
    algorithms: algorithmsOf(publicKey).filter((name) => jwk.alg === undefined || isSameAlgorithm(name, jwk.alg)),
    publicKey,
    spkiSha256,
    // RFC 7517 section 4.7: the first certificate is that of the key
    certificate: certificate?.spkiSha256 === spkiSha256 ? certificate : undefined,
  };
}

function publicKeyOf(jwk: object): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    return undefined;
  }
}

function certificateOf(base64: string): Certificate | undefined {
  try {
    return parseCertificate(Buffer.from(base64, 'base64'));
  } catch (error) {
    if (error instanceof X509Error) return undefined;
    throw error;
  }
}

function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): string[] {
  const { namedCurve, modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails;
  if (asymmetricKeyType === 'ec') return namedCurve === 'prime256v1' ? ['ES256'] : [];
  if (asymmetricKeyType === 'ed25519') return ['EdDSA', 'Ed25519'];
  // FIPS 186-5 section A.1.1: with an exponent of 1 everybody could sign
  const strong = modulusLength >= SMALLEST_RSA && publicExponent >= SMALLEST_EXPONENT && publicExponent % 2n === 1n;
  return asymmetricKeyType === 'rsa' && strong ? ['PS256'] : [];
}

/** RFC 9864: `Ed25519` is the new name of what `EdDSA` means with such a key. */
function isSameAlgorithm(name: string, given: string): boolean {
  return name === given || (given === 'EdDSA' && name === 'Ed25519') || (given === 'Ed25519' && name === 'EdDSA');
}
