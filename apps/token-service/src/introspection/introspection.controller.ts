import { Body, Controller, Header, Headers, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiExcludeEndpoint, ApiOperation, ApiTags } from '@partner-ecosystem/platform/openapi';
import {
  ClientCertificate,
  ClientCertificateGuard,
  Public,
  type CertificateEvidence,
} from '@partner-ecosystem/mtls-binding';
import { OnListener } from '@partner-ecosystem/platform/serve';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { attemptOf } from '../authentication-events/attempt-of.js';
import { IssuerIdentity } from '../metadata/issuer-identity.js';
import { ApiOAuthErrors } from '../oauth-error/api-oauth-errors.js';
import { OAuthEndpoint } from '../oauth-error/oauth-endpoint.decorator.js';
import { wrongListener } from '../oauth-error/wrong-listener.js';
import { SIGNED_ANSWER_TYPE } from './accepts-signed-answer.js';
import { ApiIntrospectionAnswer } from './api-introspection-answer.js';
import { IntrospectToken } from './introspect-token.js';
import { introspectionForm } from './introspection-form.js';
import { parseIntrospectionRequest } from './introspection-request.js';
import type { IntrospectionResponse } from './introspection-response.js';
import { IntrospectionSigner } from './introspection-signer.js';

@ApiTags('introspection')
@Controller('introspect')
@Public() // no token is asked for: the client authenticates as at POST /token // A25
export class IntrospectionController {
  constructor(
    private readonly introspectToken: IntrospectToken,
    private readonly signer: IntrospectionSigner,
    private readonly identity: IssuerIdentity,
  ) {}

  @Post()
  @OnListener('mtls')
  @OAuthEndpoint('introspection')
  @UseGuards(ClientCertificateGuard)
  @Header('cache-control', 'no-store') // A26
  @ApiOperation({
    summary: 'Ask whether an access token is good (RFC 7662)',
    description:
      'A client sees its own tokens, and a client linked to a resource server those for its audience. Everything else is {"active": false}.',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody(introspectionForm)
  @ApiIntrospectionAnswer()
  @ApiOAuthErrors('introspection')
  async introspect(
    @Body() body: unknown,
    @Headers() headers: { authorization?: string; accept?: string },
    @ClientCertificate() evidence: CertificateEvidence,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IntrospectionResponse | string> {
    const parsed = parseIntrospectionRequest(body, headers);
    const now = new Date();
    const response = await this.introspectToken.introspect(parsed, { evidence, now, attempt: attemptOf(request) });
    if (!parsed.signed) return response;
    const jwt = await this.signer.sign(response, parsed.clientId, now);
    void reply.type(SIGNED_ANSWER_TYPE);
    return jwt;
  }

  // Not in OpenAPI, which knows no listeners: it would take the place of the operation above.
  @Post()
  @OnListener('tls')
  @OAuthEndpoint('introspection')
  @ApiExcludeEndpoint()
  withoutCertificate(): never {
    throw wrongListener('introspection_endpoint', this.identity.aliases.introspection_endpoint);
  }
}
