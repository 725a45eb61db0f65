import { Inject, Injectable } from '@nestjs/common';
import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';
import type { Logger } from '@partner-ecosystem/platform/logging';
import type { JWTPayload } from 'jose';
import { authenticateClient } from '../clients/authenticate-client.js';
import { RegisteredClients } from '../clients/registered-clients.repository.js';
import { LOGGER } from '../logger.js';
import { IssuerIdentity } from '../metadata/issuer-identity.js';
import { AccessTokenSigner } from '../signing-keys/access-token.signer.js';
import { accessTokenClaims } from './access-token-claims.js';
import { decideGrant } from './decide-grant.js';
import type { TokenRequest } from './token-request.js';
import { tokenResponse, type TokenResponse } from './token-response.js';

/** The use case behind `POST /token`: authenticate, decide, bind, sign, record. */
@Injectable()
export class IssueToken {
  constructor(
    private readonly clients: RegisteredClients,
    private readonly signer: AccessTokenSigner,
    private readonly identity: IssuerIdentity,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws OAuthError when the client is not authenticated or asks for more than it was granted */
  async issue(
    request: TokenRequest,
    evidence: CertificateEvidence,
    { now, requestId }: { now: Date; requestId: string },
  ): Promise<TokenResponse> {
    const client = await this.clients.findByClientId(request.clientId);
    const authenticated = authenticateClient(client, evidence, now);
    const grant = decideGrant(authenticated, request, now);
    const claims = accessTokenClaims(this.identity.issuer, authenticated, grant, now);
    const token = await this.signer.sign(claims);
    this.record(claims, requestId, evidence);
    return tokenResponse(token, grant);
  }

  private record(
    { client_id, partner_id, aud, scope, jti, exp }: JWTPayload,
    requestId: string,
    { thumbprint }: CertificateEvidence,
  ): void {
    this.logger.info(
      { request_id: requestId, client_id, partner_id, aud, scope, jti, exp, certificate: thumbprint },
      'token issued',
    );
  }
}
