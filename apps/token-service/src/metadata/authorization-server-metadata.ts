import { z } from 'zod';
import { ASSERTION_ALGORITHMS } from '../clients/assertions/assertion-header.js';
import { AUTHENTICATION_METHODS } from '../clients/authentication/authentication-method.js';
import type { IssuerIdentity } from './issuer-identity.js';

/** RFC 8414 section 2, as far as this server has it. */
export const metadataSchema = z.object({
  issuer: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  grant_types_supported: z.array(z.string()),
  response_types_supported: z.array(z.string()).describe('Empty: there is no authorization endpoint.'),
  token_endpoint_auth_methods_supported: z.array(z.string()),
  token_endpoint_auth_signing_alg_values_supported: z.array(z.string()),
  tls_client_certificate_bound_access_tokens: z.literal(true),
  mtls_endpoint_aliases: z.object({ token_endpoint: z.url() }),
  service_documentation: z.url(),
});

/** A1, A2, A5, A19, T5 */
export function authorizationServerMetadata(identity: IssuerIdentity): z.infer<typeof metadataSchema> {
  return {
    issuer: identity.issuer,
    token_endpoint: `${identity.issuer}/token`,
    jwks_uri: `${identity.issuer}/jwks`,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: [...AUTHENTICATION_METHODS],
    token_endpoint_auth_signing_alg_values_supported: [...ASSERTION_ALGORITHMS],
    tls_client_certificate_bound_access_tokens: true,
    mtls_endpoint_aliases: { token_endpoint: identity.tokenEndpointAlias },
    service_documentation: `${identity.issuer}/docs`,
  };
}
