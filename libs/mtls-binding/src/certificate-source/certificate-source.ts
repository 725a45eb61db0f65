import type { IncomingMessage } from 'node:http';

/** The certificate a connection proved possession of. */
export interface CertificateEvidence {
  /** The leaf, DER. */
  readonly der: Buffer;
  /** base64url(SHA-256(der)), the value of `cnf["x5t#S256"]`. */
  readonly thumbprint: string;
  /** Who vouches for it: our own TLS listener. */
  readonly source: 'socket';
}

/**
 * Where a listener's client certificates come from. Exactly one per listener, chosen by whoever installs the guard;
 * there is no default, because believing the wrong place would hand every token to everybody.
 */
export interface CertificateSource {
  /** The evidence for this request; undefined when no certificate was presented. */
  evidenceOf(request: IncomingMessage): CertificateEvidence | undefined;
}
