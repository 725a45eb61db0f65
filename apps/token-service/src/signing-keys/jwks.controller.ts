import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '@partner-ecosystem/mtls-binding';
import { ApiJson } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { z } from 'zod';
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
  constructor(private readonly keys: SigningKeys) {}

  @Get()
  @OnListener('tls')
  @Header('cache-control', 'public, max-age=300')
  @ApiOperation({ summary: 'The public keys access tokens are signed with (RFC 7517)' })
  @ApiJson({ status: 200, schema: jwks, description: 'The key set.' })
  jwks(): z.infer<typeof jwks> {
    return jwks.parse(this.keys.published);
  }
}
