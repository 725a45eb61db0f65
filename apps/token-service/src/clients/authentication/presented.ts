import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';

/** What a token request brought along to prove who sent it. */
export interface Presented {
  /** The certificate of the connection, there under every method: it is what the token gets bound to. // A15 */
  readonly evidence: CertificateEvidence;
  /** `client_assertion_type` and `client_assertion` (RFC 7521 section 4.2), as sent. */
  readonly assertion?: { readonly type: string; readonly value: string } | undefined;
}
