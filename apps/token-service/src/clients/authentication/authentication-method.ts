import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';
import type { ClientKeySet } from '@partner-ecosystem/x509';
import type { RegisteredClient } from '../../records/registered-client.entity.js';
import type { KeyOwnerLookup } from '../certificate-policy/assert-own-key.js';
import type { CrlLookup } from '../certificate-policy/crls.js';

/** RFC 8705 section 2, RFC 7523 section 2.2. No shared secret, ever. // A5 */
export const AUTHENTICATION_METHODS = ['tls_client_auth', 'self_signed_tls_client_auth', 'private_key_jwt'] as const;

export type AuthenticationMethod = (typeof AUTHENTICATION_METHODS)[number];

export function isAuthenticationMethod(text: string): text is AuthenticationMethod {
  return (AUTHENTICATION_METHODS as readonly string[]).includes(text);
}

/** `client_assertion_type` and `client_assertion` (RFC 7521 section 4.2), as sent. */
export interface ClientAssertion {
  readonly type: string;
  readonly value: string;
}

/** What a request brought along to prove who sent it. */
export interface ClientCredentials {
  /** The certificate of the connection, there under every method: it is what the token gets bound to. // A15 */
  readonly evidence: CertificateEvidence;
  readonly assertion?: ClientAssertion | undefined;
}

/** What authenticating takes beside the registration and the request. */
export interface AuthenticationNeeds {
  /** Our issuer identifier. */
  readonly issuer: string;
  /** The client's keys, asked for until a set has what `suffices` looks for, if that can be. */
  readonly keysOf: (client: RegisteredClient, suffices: (set: ClientKeySet) => boolean) => Promise<ClientKeySet>;
  readonly ownerOf: KeyOwnerLookup;
  readonly listsOf: CrlLookup;
  /** @returns false when the assertion was used before */
  readonly useOnce: (clientId: string, assertion: { jti: string; expiresAt: Date }) => Promise<boolean>;
}
