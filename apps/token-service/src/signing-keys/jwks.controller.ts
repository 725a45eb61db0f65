import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '@partner-ecosystem/mtls-binding';
import { ApiJson } from '@partner-ecosystem/platform/openapi';
import { Problem } from '@partner-ecosystem/platform/problem';
import { OnListener } from '@partner-ecosystem/platform/serve';
import type { FastifyReply } from 'fastify';
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
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
const jwks = z.object({ keys: z.array(publicKey) });

@ApiTags('metadata')
@Controller('jwks')
@Public()
export class JwksController {
  constructor(
    private readonly keys: SigningKeys,
    private readonly policy: SigningKeyPolicy,
  ) {}

  @Get()
  @OnListener('tls')
  @ApiOperation({
    summary: 'The public keys access tokens are signed with (RFC 7517)',
    description: 'Also those that will sign next, and those whose last tokens have not expired yet.',
  })
  @ApiJson({ status: 200, schema: jwks, description: 'The key set.' })
  jwks(@Res({ passthrough: true }) reply: FastifyReply): z.infer<typeof jwks> {
    const answer = jwks.parse(this.published());
    void reply.header('cache-control', `public, max-age=${this.policy.jwksMaxAgeSeconds}`);
    return answer;
  }

  private published(): JSONWebKeySet {
    try {
      return this.keys.published;
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
