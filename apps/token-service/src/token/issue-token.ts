import { Injectable } from '@nestjs/common';
import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';
import type { JWTPayload } from 'jose';
import type { Attempt, GrantedToken } from '../authentication-events/attempt.js';
import type { AuthenticatedClient } from '../clients/authentication/authenticated-client.js';
import { ClientAuthentication } from '../clients/authentication/client-authentication.js';
import { RegisteredClients } from '../clients/registered-clients/registered-clients.js';
import { Limits } from '../limits/limits.js';
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
    private readonly authentication: ClientAuthentication,
    private readonly limits: Limits,
    private readonly signer: AccessTokenSigner,
    private readonly identity: IssuerIdentity,
  ) {}

  /**
   * @param attempt is told whose it is and that it was granted; a refusal is recorded where it is answered
   * @throws OAuthError when the client is not authenticated or asks for more than it was granted
   */
  async issue(
    request: TokenRequest,
    evidence: CertificateEvidence,
    { now, attempt }: { now: Date; attempt: Attempt },
  ): Promise<TokenResponse> {
    const client = await this.clients.findByClientId(request.clientId);
    if (client) attempt.claims(client);
    const presented = { evidence, assertion: request.assertion };
    const authenticated = await this.authentication.authenticateClient(client, presented, now);
    attempt.proven();
    this.limits.admitClient(authenticated.client.clientId);
    const grant = decideGrant(authenticated, request, now);
    const claims = accessTokenClaims(this.identity.issuer, authenticated, grant, now);
    const token = await this.signer.sign(claims, grant.signingAlg);
    attempt.granted(grantedToken(claims, authenticated));
    return tokenResponse(token, grant);
  }
}

function grantedToken({ aud, scope, jti, exp }: JWTPayload, { certificate }: AuthenticatedClient): GrantedToken {
  const names = { audience: String(aud), scope: String(scope), jti: String(jti) };
  return { ...names, thumbprint: certificate.thumbprint, expiresAt: new Date(Number(exp) * 1_000) };
}
