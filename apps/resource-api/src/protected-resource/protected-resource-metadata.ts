import { z } from 'zod';
import { SCOPES } from './scopes.js';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** RFC 9728 section 2. */
export const protectedResourceSchema = z.object({
  resource: z.url(),
  authorization_servers: z.array(z.url()),
  scopes_supported: z.array(z.string()),
  bearer_methods_supported: z.array(z.literal('header')),
  tls_client_certificate_bound_access_tokens: z.literal(true),
  resource_documentation: z.url(),
});
export type ProtectedResourceMetadata = z.infer<typeof protectedResourceSchema>;

/** What this API tells a client that was sent here without a token: whom to ask, and for what. */
export function protectedResourceMetadata(api: { audience: string; issuer: string }): ProtectedResourceMetadata {
  return {
    resource: api.audience,
    authorization_servers: [api.issuer],
    scopes_supported: Object.values(SCOPES),
    bearer_methods_supported: ['header'], // R1
    tls_client_certificate_bound_access_tokens: true,
    resource_documentation: `${api.audience}/docs`,
  };
}

/** RFC 9728 section 3.1, for an audience without a path. */
export function protectedResourceMetadataUrl(audience: string): string {
  return audience + WELL_KNOWN;
}
