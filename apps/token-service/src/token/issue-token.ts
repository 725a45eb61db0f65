import { Injectable } from '@nestjs/common';
import type { GrantedToken } from '../authentication-events/authentication-attempt.js';
import { AuthenticateCaller, type CallerWithCertificate } from '../clients/authentication/authenticate-caller.js';
import type { AuthenticatedClient } from '../clients/authentication/authenticate-client.js';
import { IssuerIdentity } from '../process/issuer-identity.js';
import { ReadAfterRegistration } from '../revocation-feed/read-after-registration.js';
import { RevocationFeed } from '../revocation-feed/revocation-feed.js';
import { AccessTokenSigner } from '../signing-keys/access-token.signer.js';
import { accessTokenClaims, type AccessTokenClaims } from './access-token-claims.js';
import { issuedAt } from './issued-at.js';
import { decideGrant, type GrantDecision } from './decide-grant.js';
import type { TokenRequest } from './token-request.js';
import { tokenResponse, type TokenResponse } from './token-response.js';

/** The use case behind `POST /token`: authenticate, decide, bind, sign, record. */
@Injectable()
export class IssueToken {
  constructor(
    private readonly caller: AuthenticateCaller,
    private readonly readAfter: ReadAfterRegistration,
    private readonly feed: RevocationFeed,
    private readonly signer: AccessTokenSigner,
    private readonly identity: IssuerIdentity,
  ) {}

  /**
   * Tells the attempt that it was granted; a refusal is recorded where it is answered.
   * @throws OAuthError when the client is not authenticated or asks for more than it was granted
   */
  async issue(request: TokenRequest, caller: CallerWithCertificate): Promise<TokenResponse> {
    const authenticated = await this.caller.authenticate(request, caller);
    const { now, attempt } = caller;
    const grant = decideGrant(authenticated, request, now);
    await this.readAfter.of(authenticated.client);
    const claims = this.claims(authenticated, grant, now);
    const token = await this.signer.sign(claims, grant.signingAlg);
    attempt.granted(grantedToken(claims, authenticated));
    return tokenResponse(token, grant);
  }

  private claims(authenticated: AuthenticatedClient, grant: GrantDecision, now: Date): AccessTokenClaims {
    this.feed.assertClockAgrees();
    const claims = accessTokenClaims(this.identity.issuer, authenticated, grant, now);
    const { partner_id: partnerId, client_id: clientId, aud: audience, jti, cnf: confirmation } = claims;
    const token = { partnerId, clientId, audience, jti, confirmation, scopes: grant.scopes };
    claims.iat = issuedAt(token, this.feed.find, now);
    return claims;
  }
}

function grantedToken(
  { aud: audience, scope, jti, exp }: AccessTokenClaims,
  { certificate }: AuthenticatedClient,
): GrantedToken {
  return { audience, scope, jti, thumbprint: certificate.thumbprint, expiresAt: new Date(exp * 1_000) };
}
