import { Body, Controller, Header, Headers, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiExcludeEndpoint,
  ApiOperation,
  ApiTags,
  Whitelist,
} from '@partner-ecosystem/platform/openapi';
import {
  ClientCertificate,
  ClientCertificateGuard,
  Public,
  type CertificateEvidence,
} from '@partner-ecosystem/mtls-binding';
import { OnListener } from '@partner-ecosystem/platform/serve';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { attemptOf } from '../authentication-events/attempt-of.js';
import type { Caller } from '../clients/authentication/authenticate-caller.js';
import { IssuerIdentity } from '../process/issuer-identity.js';
import { ApiOAuthErrors } from '../oauth-endpoints/api-oauth-errors.js';
import { OAuthEndpoint } from '../oauth-error/oauth-endpoint.decorator.js';
import { OR_ASSERTION, wrongListener } from '../oauth-error/wrong-listener.js';
import { SIGNED_ANSWER_TYPE } from './accepts-signed-answer.js';
import { ApiIntrospectionAnswer } from './api-introspection-answer.js';
import { IntrospectToken } from './introspect-token.js';
import { introspectionForm } from './introspection-form.js';
import { parseIntrospectionRequest, type IntrospectionRequest } from './introspection-request.js';
import { introspectionResponseSchema, type IntrospectionResponse } from './introspection-response.js';
import { IntrospectionSigner } from './introspection-signer.js';

interface Exchange extends Pick<Caller, 'evidence' | 'now'> {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

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
    return this.answer(parseIntrospectionRequest(body, headers), { evidence, now: new Date(), request, reply });
  }

  // Not in OpenAPI, which knows no listeners: it would take the place of the operation above. // A41
  @Post()
  @OnListener('tls')
  @OAuthEndpoint('introspection')
  @Header('cache-control', 'no-store')
  @ApiExcludeEndpoint()
  @HttpCode(200)
  @Whitelist(introspectionResponseSchema)
  async introspectByAssertion(
    @Body() body: unknown,
    @Headers() headers: { authorization?: string; accept?: string },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IntrospectionResponse | string> {
    const parsed = parseIntrospectionRequest(body, headers);
    if (!parsed.assertion) {
      throw wrongListener('introspection_endpoint', this.identity.aliases.introspection_endpoint, OR_ASSERTION);
    }
    return this.answer(parsed, { evidence: undefined, now: new Date(), request, reply });
  }

  private async answer(
    parsed: IntrospectionRequest,
    { evidence, now, request, reply }: Exchange,
  ): Promise<IntrospectionResponse | string> {
    const response = await this.introspectToken.introspect(parsed, { evidence, now, attempt: attemptOf(request) });
    if (!parsed.signed) return response;
    const jwt = await this.signer.sign(response, parsed.clientId, now);
    void reply.type(SIGNED_ANSWER_TYPE);
    return jwt;
  }
}
