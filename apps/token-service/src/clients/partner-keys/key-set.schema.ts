import { z } from 'zod';

const short = z.string().min(1).max(2048);

/** What this service reads of a JWK (RFC 7517); `jku`, `x5u` and the like have no effect. // A21 */
export const publicJwk = z.object({
  kty: z.enum(['EC', 'RSA', 'OKP']),
  kid: short.optional(),
  use: z.literal('sig').optional(),
  key_ops: z
    .array(z.string())
    .refine((operations) => operations.includes('verify'))
    .optional(),
  alg: short.optional(),
  crv: short.optional(),
  x: short.optional(),
  y: short.optional(),
  n: short.optional(),
  e: short.optional(),
  x5c: z.tuple([z.string().min(1).max(16_384)], z.string()).optional(),
  // A private part that was published serves anybody: such a key is none.
  d: z.never().optional(),
  p: z.never().optional(),
  q: z.never().optional(),
  k: z.never().optional(),
});

export const jwkSet = z.object({ keys: z.array(z.unknown()).max(100) });
