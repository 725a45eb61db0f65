import { z } from 'zod';
import { ASSERTION_ALGORITHMS } from '../clients/assertions/assertion-header.js';
import { AUTHENTICATION_METHODS } from '../clients/authentication/authentication-method.js';
import type { OAuthEndpointName } from '../oauth-error/oauth-endpoint.decorator.js';
import type { SigningAlgorithm } from '../records/signing-algorithm.js';
import type { IssuerIdentity } from '../process/issuer-identity.js';

/**
 * RFC 8414 section 2, as far as this server has it: registered names only. Without an authorization endpoint there is no
 * response type to name, and section 3.2 wants what has no elements left out.
 */
export const metadataSchema = z.object({
  issuer: z.url(),
  token_endpoint: z.url(),
  introspection_endpoint: z.url(),
  revocation_endpoint: z.url(),
  jwks_uri: z.url(),
  grant_types_supported: z.array(z.string()),
  token_endpoint_auth_methods_supported: z.array(z.string()),
  token_endpoint_auth_signing_alg_values_supported: z.array(z.string()),
  introspection_endpoint_auth_methods_supported: z.array(z.string()),
  introspection_endpoint_auth_signing_alg_values_supported: z.array(z.string()),
  introspection_signing_alg_values_supported: z.array(z.string()).describe('RFC 9701.'),
  revocation_endpoint_auth_methods_supported: z.array(z.string()),
  revocation_endpoint_auth_signing_alg_values_supported: z.array(z.string()),
  tls_client_certificate_bound_access_tokens: z.literal(true),
  mtls_endpoint_aliases: z.object({
    token_endpoint: z.url(),
    introspection_endpoint: z.url(),
    revocation_endpoint: z.url(),
  }),
  service_documentation: z.url(),
});

/** A1, A2, A5, A19, T5 */
export function authorizationServerMetadata(
  identity: IssuerIdentity,
  introspectionAlgorithm: SigningAlgorithm,
): z.infer<typeof metadataSchema> {
  return {
    issuer: identity.issuer,
    // Tokens are bound to certificates: there is no address where one is issued without.
    token_endpoint: identity.aliases.token_endpoint,
    introspection_endpoint: `${identity.issuer}/introspect`,
    revocation_endpoint: `${identity.issuer}/revoke`,
    jwks_uri: `${identity.issuer}/jwks`,
    grant_types_supported: ['client_credentials'],
    ...authenticationAt('token'),
    ...authenticationAt('introspection'),
    introspection_signing_alg_values_supported: [introspectionAlgorithm],
    ...authenticationAt('revocation'),
    tls_client_certificate_bound_access_tokens: true,
    mtls_endpoint_aliases: identity.aliases,
    service_documentation: `${identity.issuer}/docs`,
  };
}

// The same everywhere.
function authenticationAt<Endpoint extends OAuthEndpointName>(endpoint: Endpoint) {
  return {
    [`${endpoint}_endpoint_auth_methods_supported`]: [...AUTHENTICATION_METHODS],
    [`${endpoint}_endpoint_auth_signing_alg_values_supported`]: [...ASSERTION_ALGORITHMS],
  } as Record<`${Endpoint}_endpoint_auth_${'methods' | 'signing_alg_values'}_supported`, string[]>;
}
