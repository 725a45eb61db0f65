import { Injectable } from '@nestjs/common';
import { Problem } from '@partner-ecosystem/platform/problem';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { KeyPurpose } from '../records/key-purpose.js';
import { SigningKeyPolicy } from './signing-key-policy.js';
import { SigningKeysError } from './signing-keys-error.js';
import { SigningKeys } from './signing-keys.js';

// A whitelist: a private member could not leave even if it were stored beside the public ones. // A20
const publicKey = z.object({
  kty: z.string(),
  crv: z.string().optional(),
  x: z.string().optional(),
  y: z.string().optional(),
  n: z.string().optional(),
  e: z.string().optional(),
  kid: z.string(),
  alg: z.string(),
  use: z.literal('sig'),
});

/** RFC 7517 section 5. */
export const keySetSchema = z.object({ keys: z.array(publicKey) });

/** A key set as the routes answer it, with how long it may be kept. */
@Injectable()
export class PublishedKeys {
  constructor(
    private readonly keys: SigningKeys,
    private readonly policy: SigningKeyPolicy,
  ) {}

  /** @throws Problem 503 */
  answer(purpose: KeyPurpose, reply: FastifyReply): z.infer<typeof keySetSchema> {
    const answer = keySetSchema.parse(this.read(purpose));
    void reply.header('cache-control', `public, max-age=${this.policy.jwksMaxAgeSeconds}`);
    return answer;
  }

  private read(purpose: KeyPurpose): object {
    try {
      return this.keys.publishedFor(purpose);
    } catch (cause) {
      if (cause instanceof SigningKeysError) throw unavailable(cause);
      throw cause;
    }
  }
}

function unavailable(cause: SigningKeysError): Problem {
  return new Problem({
    status: 503,
    code: 'unavailable',
    detail: 'The keys cannot be had right now; try again shortly.',
    headers: { 'retry-after': '2' },
    cause,
  });
}
