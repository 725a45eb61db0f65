import { Controller, Get, Inject } from '@nestjs/common';
import { Public } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiOperation, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { protectedResourceSchema, type ProtectedResourceMetadata } from './protected-resource-metadata.js';

export const PROTECTED_RESOURCE = Symbol('PROTECTED_RESOURCE');

@ApiTags('metadata')
@Controller('.well-known')
export class ProtectedResourceController {
  constructor(@Inject(PROTECTED_RESOURCE) private readonly metadata: ProtectedResourceMetadata) {}

  // Also on mtls: RFC 9728 has clients look on the host of the resource identifier itself.
  @Get('oauth-protected-resource')
  @Public()
  @OnListener('tls', 'mtls')
  @ApiOperation({ summary: 'What this API expects of a token (RFC 9728)', security: [] })
  @ApiJson({ status: 200, schema: protectedResourceSchema, description: 'Whom to ask for a token, and for what' })
  describe(): ProtectedResourceMetadata {
    return this.metadata;
  }
}
