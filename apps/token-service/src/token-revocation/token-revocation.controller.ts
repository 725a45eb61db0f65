import { Body, Controller, Header, Headers, HttpCode, Post, Req, UseGuards } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiExcludeEndpoint,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@partner-ecosystem/platform/openapi';
import {
  ClientCertificate,
  ClientCertificateGuard,
  Public,
  type CertificateEvidence,
} from '@partner-ecosystem/mtls-binding';
import { OnListener } from '@partner-ecosystem/platform/serve';
import type { FastifyRequest } from 'fastify';
import { attemptOf } from '../authentication-events/attempt-of.js';
import { IssuerIdentity } from '../process/issuer-identity.js';
import { ApiOAuthErrors } from '../oauth-endpoints/api-oauth-errors.js';
import { OAuthEndpoint } from '../oauth-error/oauth-endpoint.decorator.js';
import { OR_ASSERTION, wrongListener } from '../oauth-error/wrong-listener.js';
import { revocationForm } from './revocation-form.js';
import { parseRevocationRequest } from './revocation-request.js';
import { RevokeToken } from './revoke-token.js';

@ApiTags('revocation')
@Controller('revoke')
@Public() // no token is asked for: the client authenticates as at POST /token // A25
export class TokenRevocationController {
  constructor(
    private readonly revokeToken: RevokeToken,
    private readonly identity: IssuerIdentity,
  ) {}

  @Post()
  @HttpCode(200)
  @OnListener('mtls')
  @OAuthEndpoint('revocation')
  @UseGuards(ClientCertificateGuard)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Revoke an access token of the caller (RFC 7009)',
    description: 'Every API refuses it within a second. Other tokens of the client stay as they are.',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody(revocationForm)
  @ApiResponse({ status: 200, description: 'The token is revoked, or never was or is no longer good. No content.' })
  @ApiOAuthErrors('revocation')
  async revoke(
    @Body() body: unknown,
    @Headers('authorization') authorization: string | undefined,
    @ClientCertificate() evidence: CertificateEvidence,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const parsed = parseRevocationRequest(body, authorization);
    await this.revokeToken.revoke(parsed, { evidence, now: new Date(), attempt: attemptOf(request) });
  }

  // Not in OpenAPI, which knows no listeners: it would take the place of the operation above. // A41
  @Post()
  @HttpCode(200)
  @OnListener('tls')
  @OAuthEndpoint('revocation')
  @Header('cache-control', 'no-store')
  @ApiExcludeEndpoint()
  async revokeByAssertion(
    @Body() body: unknown,
    @Headers('authorization') authorization: string | undefined,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const parsed = parseRevocationRequest(body, authorization);
    if (!parsed.assertion) {
      throw wrongListener('revocation_endpoint', this.identity.aliases.revocation_endpoint, OR_ASSERTION);
    }
    await this.revokeToken.revoke(parsed, { evidence: undefined, now: new Date(), attempt: attemptOf(request) });
  }
}
