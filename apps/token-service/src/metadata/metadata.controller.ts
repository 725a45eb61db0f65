import { Controller, Get, Header } from '@nestjs/common';
import { Public } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiOperation, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import type { z } from 'zod';
import { introspectionAlgorithm } from '../introspection/introspection-algorithm.js';
import { SigningKeyPolicy } from '../signing-keys/signing-key-policy.js';
import { authorizationServerMetadata, metadataSchema } from './authorization-server-metadata.js';
import { IssuerIdentity } from '../process/issuer-identity.js';
import {
  revocationFeedMetadata,
  revocationFeedMetadataSchema,
  type RevocationFeedMetadata,
} from './revocation-feed-metadata.js';

@ApiTags('metadata')
@Controller('.well-known')
@Public()
export class MetadataController {
  constructor(
    private readonly identity: IssuerIdentity,
    private readonly policy: SigningKeyPolicy,
  ) {}

  @Get('oauth-authorization-server')
  @OnListener('tls')
  @Header('cache-control', 'public, max-age=300')
  @ApiOperation({ summary: 'Authorization server metadata (RFC 8414)' })
  @ApiJson({ status: 200, schema: metadataSchema, description: 'The metadata.' })
  metadata(): z.infer<typeof metadataSchema> {
    return authorizationServerMetadata(this.identity, introspectionAlgorithm(this.policy.algorithms));
  }

  @Get('revocation-feed')
  @OnListener('tls')
  @Header('cache-control', 'public, max-age=300')
  @ApiOperation({ summary: 'Where the feed of revocations and its keys are' })
  @ApiJson({ status: 200, schema: revocationFeedMetadataSchema, description: 'The addresses.' })
  revocationFeed(): RevocationFeedMetadata {
    return revocationFeedMetadata(this.identity);
  }
}
