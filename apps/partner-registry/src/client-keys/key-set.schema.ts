import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { text } from '../conventions/fields.schema.js';

const MOST_KEYS = 10;
const MOST_CERTIFICATES = 4;
const LARGEST_SET = 65_536;
const SMALLEST_RSA = 2048;
const LARGEST_RSA = 8192;

const base64url = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/, { error: 'expected base64url without padding' });

// of a P-256 coordinate, an Ed25519 point and a SHA-256
const octets32 = z.string().regex(/^[A-Za-z0-9_-]{43}$/, { error: 'expected 32 octets, base64url without padding' });

const usable = {
  kid: text(200),
  use: z.literal('sig').optional(),
  key_ops: z.array(z.literal('verify')).max(1).optional(),
  /** RFC 7517 section 4.7: base64 DER, the certificate of the key first */
  x5c: z.array(z.base64().min(1).max(8192)).min(1).max(MOST_CERTIFICATES).optional(),
  'x5t#S256': octets32.optional(),
};

// Only what can verify a signature, and nothing that would lead elsewhere: no x5u, no jku. // A21
const publicJwk = z.discriminatedUnion('kty', [
  z.strictObject({
    ...usable,
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: octets32,
    y: octets32,
    alg: z.literal('ES256').optional(),
  }),
  z.strictObject({
    ...usable,
    kty: z.literal('RSA'),
    n: base64url(1400),
    e: base64url(6),
    alg: z.literal('PS256').optional(),
  }),
  z.strictObject({
    ...usable,
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: octets32,
    alg: z.enum(['EdDSA', 'Ed25519']).optional(),
  }),
]);

export type PublicJwk = z.infer<typeof publicJwk>;

/** A JWK Set of a client (RFC 7517): public keys that verify, each with a `kid` of its own. // A19 */
export const keySet = z
  .strictObject({
    keys: z
      .array(publicJwk.superRefine(assertUsable))
      .min(1)
      .max(MOST_KEYS)
      .refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, { error: 'expected each kid once' }),
  })
  .refine((set) => Buffer.byteLength(JSON.stringify(set)) <= LARGEST_SET, { error: 'expected at most 64 KiB' });

export type KeySet = z.infer<typeof keySet>;

/** Where a client publishes its keys. The token service fetches it, with limits on size, time and address. // A21 */
export const keySetUri = z
  .string()
  .max(500)
  .regex(/^https:\/\/[^\s#@"<>\\^`{|}\p{Cc}]+$/u, {
    error: 'expected an absolute https URI without user and fragment',
    abort: true,
  })
  .refine((uri) => URL.canParse(uri), { error: 'expected an absolute https URI' });

/** The key behind a JWK. @throws when the numbers are no key, a point off the curve for example */
export function publicKeyOf(jwk: PublicJwk): KeyObject {
  return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
}

function assertUsable(jwk: PublicJwk, context: z.RefinementCtx): void {
  const fault = faultOf(jwk);
  if (fault) context.addIssue({ code: 'custom', path: [fault.member], message: fault.message });
}

function faultOf(jwk: PublicJwk): { member: string; message: string } | undefined {
  const member = jwk.kty === 'RSA' ? 'n' : 'x';
  try {
    const { modulusLength: bits, publicExponent } = publicKeyOf(jwk).asymmetricKeyDetails ?? {};
    if (bits === undefined || publicExponent === undefined) return undefined;
    if (bits < SMALLEST_RSA || bits > LARGEST_RSA) {
      return { member, message: `expected ${SMALLEST_RSA} to ${LARGEST_RSA} bits, found ${bits}` };
    }
    // FIPS 186-5 section A.1.1: with an exponent of 1 everybody could sign
    const sound = publicExponent >= 65_537n && publicExponent % 2n === 1n;
    return sound ? undefined : { member: 'e', message: 'expected an odd exponent of 65537 or more' };
  } catch {
    return { member, message: 'expected the numbers of a public key' };
  }
}
