import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';
import { invalidClient } from '../../oauth-error/oauth-error.js';
import type { AuthenticationMethod } from '../authentication/authentication-method.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';
import { identityOnly, type IdentityNeeds } from './identity-only.js';
import { registeredOnly } from './registered-only.js';
import type { UsableCertificate } from './usable-certificate.js';

/**
 * The certificate of the connection, if the client's tokens may be bound to it. One policy under all methods, so that
 * revoking by thumbprint always works. // A15
 * Rejects with OAuthError `invalid_client`, or with what `ownerOf` and `listsOf` say.
 */
export async function allowedCertificate(
  client: RegisteredClient,
  method: AuthenticationMethod,
  evidence: CertificateEvidence,
  now: Date,
  needs: IdentityNeeds,
): Promise<UsableCertificate> {
  if (client.certificatePolicy === 'registered_only') {
    return registeredOnly(client, evidence, now, { judgesPath: method !== 'self_signed_tls_client_auth' });
  }
  // Only tls_client_auth holds the certificate to a subject value; without one an identity would be anybody's.
  if (client.certificatePolicy === 'identity_only' && method === 'tls_client_auth') {
    return identityOnly(client, evidence, now, needs);
  }
  throw invalidClient('policy_not_supported', `${client.certificatePolicy} with ${method} is not served here`);
}
