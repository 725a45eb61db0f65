/** RFC 8705 section 2, RFC 7523 section 2.2. No shared secret, ever. // A5 */
export const AUTHENTICATION_METHODS = ['tls_client_auth', 'self_signed_tls_client_auth', 'private_key_jwt'] as const;

export type AuthenticationMethod = (typeof AUTHENTICATION_METHODS)[number];

export function isAuthenticationMethod(text: string): text is AuthenticationMethod {
  return (AUTHENTICATION_METHODS as readonly string[]).includes(text);
}
