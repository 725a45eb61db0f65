import { Body, Controller, Header, Headers, Post, Req, UseGuards } from '@nestjs/common';
import {
  ClientCertificate,
  ClientCertificateGuard,
  Public,
  type CertificateEvidence,
} from '@partner-ecosystem/mtls-binding';
import {
  ApiBody,
  ApiConsumes,
  ApiExcludeEndpoint,
  ApiJson,
  ApiOperation,
  ApiTags,
} from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import type { FastifyRequest } from 'fastify';
import { attemptOf } from '../authentication-events/attempt-of.js';
import { IssuerIdentity } from '../process/issuer-identity.js';
import { ApiOAuthErrors } from '../oauth-endpoints/api-oauth-errors.js';
import { OAuthEndpoint } from '../oauth-error/oauth-endpoint.decorator.js';
import { wrongListener } from '../oauth-error/wrong-listener.js';
import { IssueToken } from './issue-token.js';
import { tokenRequestForm } from './token-request-form.js';
import { parseTokenRequest } from './token-request.js';
import { tokenResponseSchema, type TokenResponse } from './token-response.js';

@ApiTags('token')
@Controller('token')
@Public() // no token is asked for: this is where tokens come from
export class TokenController {
  constructor(
    private readonly issueToken: IssueToken,
    private readonly identity: IssuerIdentity,
  ) {}

  @Post()
  @OnListener('mtls')
  @OAuthEndpoint('token')
  @UseGuards(ClientCertificateGuard)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Obtain a certificate-bound access token' })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody(tokenRequestForm)
  @ApiJson({
    status: 200,
    schema: tokenResponseSchema,
    description: 'A token bound to the certificate of this connection.',
    exact: true,
  })
  @ApiOAuthErrors('token')
  async token(
    @Body() body: unknown,
    @Headers('authorization') authorization: string | undefined,
    @ClientCertificate() evidence: CertificateEvidence,
    @Req() request: FastifyRequest,
  ): Promise<TokenResponse> {
    const parsed = parseTokenRequest(body, authorization);
    return this.issueToken.issue(parsed, { evidence, now: new Date(), attempt: attemptOf(request) });
  }

  // Not in OpenAPI, which knows no listeners: it would take the place of the operation above.
  @Post()
  @OnListener('tls')
  @OAuthEndpoint('token')
  @ApiExcludeEndpoint()
  withoutCertificate(): never {
    throw wrongListener('token_endpoint', this.identity.aliases.token_endpoint);
  }
}
