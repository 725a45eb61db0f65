import { confirmationOf, type Confirmation } from '@partner-ecosystem/mtls-binding';
import type { AuthenticatedClient } from '../clients/authentication/authenticate-client.js';
import type { GrantDecision } from './decide-grant.js';
import { newTokenId } from './token-id.js';

// A type, which unlike an interface may be signed as any set of claims.
export type AccessTokenClaims = {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly client_id: string;
  readonly partner_id: string;
  readonly scope: string;
  readonly cnf: Confirmation;
};

/** The claims of a certificate-bound access token (RFC 9068, RFC 8705 section 3.1). // A16, A17, A18, A22 */
export function accessTokenClaims(
  issuer: string,
  { client, certificate }: AuthenticatedClient,
  grant: GrantDecision,
  now: Date,
): AccessTokenClaims {
  const seconds = Math.floor(now.getTime() / 1000);
  return {
    iss: issuer,
    sub: client.clientId,
    aud: grant.audience,
    iat: seconds,
    exp: seconds + grant.lifetime,
    jti: newTokenId(),
    client_id: client.clientId,
    partner_id: client.partnerId,
    scope: grant.scopes.join(' '),
    cnf: confirmationOf(certificate.thumbprint),
  };
}
