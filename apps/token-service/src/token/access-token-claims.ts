import { randomBytes } from 'node:crypto';
import { confirmationOf } from '@partner-ecosystem/mtls-binding';
import type { JWTPayload } from 'jose';
import type { AuthenticatedClient } from '../clients/authentication/authenticated-client.js';
import type { GrantDecision } from './decide-grant.js';

const JTI_BYTES = 20; // A18 asks for 128 bits of randomness; a UUID has 122

/** The claims of a certificate-bound access token (RFC 9068, RFC 8705 section 3.1). // A16, A17, A18, A22 */
export function accessTokenClaims(
  issuer: string,
  { client, certificate }: AuthenticatedClient,
  grant: GrantDecision,
  now: Date,
): JWTPayload {
  const issuedAt = Math.floor(now.getTime() / 1000);
  return {
    iss: issuer,
    sub: client.clientId,
    aud: grant.audience,
    iat: issuedAt,
    exp: issuedAt + grant.lifetime,
    jti: randomBytes(JTI_BYTES).toString('base64url'),
    client_id: client.clientId,
    partner_id: client.partnerId,
    scope: grant.scopes.join(' '),
    cnf: confirmationOf(certificate.thumbprint),
  };
}
