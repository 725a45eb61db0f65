/** What an API may add to its RFC 9728 document; the rest of it follows from how it is guarded. */
export interface ResourceMetadata {
  /** `scopes_supported` */
  readonly scopes?: readonly string[];
  /** `resource_name`, for people */
  readonly name?: string;
  /** `resource_documentation`, an absolute URL for developers */
  readonly documentation?: string;
  /** `resource_policy_uri`, an absolute URL */
  readonly policy?: string;
  /** `resource_tos_uri`, an absolute URL */
  readonly termsOfService?: string;
}

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** The document that tells a client without a token whom to ask for one, and for what (RFC 9728 section 2). */
export function protectedResourceMetadata(
  api: { readonly issuer: string; readonly audience: string },
  { scopes, name, documentation, policy, termsOfService }: ResourceMetadata = {},
): Record<string, unknown> {
  return {
    resource: api.audience,
    authorization_servers: [api.issuer],
    bearer_methods_supported: ['header'], // R1
    tls_client_certificate_bound_access_tokens: true,
    ...(scopes ? { scopes_supported: [...scopes] } : {}),
    ...(name ? { resource_name: name } : {}),
    ...(documentation ? { resource_documentation: documentation } : {}),
    ...(policy ? { resource_policy_uri: policy } : {}),
    ...(termsOfService ? { resource_tos_uri: termsOfService } : {}),
  };
}

/**
 * Where that document stands: between the host and the path of the audience (RFC 9728 section 3.1).
 * @throws TypeError when the audience is no https URL without fragment: such a document has no place
 */
export function protectedResourceMetadataUrl(audience: string): string {
  const url = URL.canParse(audience) ? new URL(audience) : undefined;
  if (url?.protocol !== 'https:' || url.hash !== '') {
    throw new TypeError('a protected resource with metadata needs an https URL without fragment as its audience');
  }
  return url.origin + WELL_KNOWN + (url.pathname === '/' ? '' : url.pathname) + url.search;
}
