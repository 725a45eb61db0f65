import { Controller, Get, Res } from '@nestjs/common';
import { Public } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiOperation, ApiRefusals, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { keySetSchema, PublishedKeys } from './published-keys.js';

@ApiTags('metadata')
@Controller()
@Public()
export class JwksController {
  constructor(private readonly keys: PublishedKeys) {}

  @Get('jwks')
  @OnListener('tls')
  @ApiOperation({
    summary: 'The public keys access tokens are signed with (RFC 7517)',
    description: 'Also those that will sign next, and those whose last tokens have not expired yet.',
  })
  @ApiJson({ status: 200, schema: keySetSchema, description: 'The key set.' })
  @ApiRefusals('unavailable')
  jwks(@Res({ passthrough: true }) reply: FastifyReply): z.infer<typeof keySetSchema> {
    return this.keys.answer('access_token', reply);
  }

  @Get('revocations/jwks')
  @OnListener('tls')
  @ApiOperation({
    summary: 'The public keys the revocation feed is signed with (RFC 7517)',
    description: 'They sign nothing else, and no key for access tokens signs the feed.',
  })
  @ApiJson({ status: 200, schema: keySetSchema, description: 'The key set.' })
  @ApiRefusals('unavailable')
  revocationsJwks(@Res({ passthrough: true }) reply: FastifyReply): z.infer<typeof keySetSchema> {
    return this.keys.answer('revocation_feed', reply);
  }
}
