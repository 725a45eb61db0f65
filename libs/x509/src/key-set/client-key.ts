import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { isStrongKey } from '../certificate/algorithm-strength.js';
import type { Certificate } from '../certificate/certificate.js';
import { describePublicKey } from '../certificate/describe-public-key.js';
import { parseCertificate } from '../certificate/parse-certificate.js';
import { X509Error } from '../x509-error.js';
import { isPrivateJwk } from './private-members.js';
import { publicJwk, type PublicJwk } from './public-jwk.js';

/** A public key of a client: what it may sign with, and the certificate it came with. */
export interface ClientKey {
  readonly kid: string | undefined;
  /** JWS algorithms an assertion signed with it may name; none for a key that only comes with a certificate. // A19 */
  readonly algorithms: readonly string[];
  readonly publicKey: KeyObject;
  /** Lower-case hex of SHA-256 over SubjectPublicKeyInfo. */
  readonly spkiSha256: string;
  /** The first of `x5c`, and only if it certifies this very key. // A13 */
  readonly certificate: Certificate | undefined;
  /** What was read of it, and nothing else. */
  readonly jwk: PublicJwk;
}

// More costs whoever verifies more than a signature is worth.
const LARGEST_RSA = 8192;
const LONGEST_KID = 200;
const KINDS = ['EC', 'RSA', 'OKP'];

/** @returns why it is of no use, in words for the one who wrote it, when it is not */
export function clientKey(member: unknown): ClientKey | string {
  if (typeof member !== 'object' || member === null) return 'is no object';
  if (isPrivateJwk(member)) return 'holds a private key';
  const jwk = publicJwk(member as Record<string, unknown>);
  if (!jwk) return 'has no kty, or a member of another type than RFC 7517 says';
  const unfit = whyUnfit(jwk);
  if (unfit !== undefined) return unfit;
  const publicKey = publicKeyOf(jwk);
  if (!publicKey) return 'has numbers that are no public key';
  const key = keyOf(jwk, publicKey);
  const useless = key.algorithms.length === 0 && !key.certificate;
  return useless ? 'no assertion may be signed with it, and it comes without a certificate of its own' : key;
}

function whyUnfit({ kty, use, key_ops: operations, kid = '' }: PublicJwk): string | undefined {
  if (!KINDS.includes(kty)) return `its kty is none of ${KINDS.join(', ')}`;
  if (use !== undefined && use !== 'sig') return 'its use is not sig';
  if (operations && !operations.includes('verify')) return 'its key_ops are without verify';
  return kid.length > LONGEST_KID ? `its kid is longer than ${LONGEST_KID} characters` : undefined;
}

function keyOf(jwk: PublicJwk, publicKey: KeyObject): ClientKey {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const spkiSha256 = createHash('sha256').update(spki).digest('hex');
  const certificate = jwk.x5c && certificateOf(jwk.x5c[0]!);
  return {
    kid: jwk.kid,
    algorithms: algorithmsOf(publicKey).filter((name) => jwk.alg === undefined || isSameAlgorithm(name, jwk.alg)),
    publicKey,
    spkiSha256,
    // RFC 7517 section 4.7: the first certificate is that of the key
    certificate: certificate?.keySha256 === spkiSha256 ? certificate : undefined,
    jwk,
  };
}

function publicKeyOf(jwk: PublicJwk): KeyObject | undefined {
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

function algorithmsOf(publicKey: KeyObject): string[] {
  const key = describePublicKey(publicKey);
  if (!isStrongKey(key)) return [];
  if (key.type === 'ec') return key.curve === 'P-256' ? ['ES256'] : [];
  if (key.type === 'ed25519') return ['EdDSA', 'Ed25519'];
  return key.type === 'rsa' && (key.bits ?? 0) <= LARGEST_RSA ? ['PS256'] : [];
}

/** RFC 9864: `Ed25519` is the new name of what `EdDSA` means with such a key. */
function isSameAlgorithm(name: string, given: string): boolean {
  return name === given || (given === 'EdDSA' && name === 'Ed25519') || (given === 'Ed25519' && name === 'EdDSA');
}
