import type { IncomingMessage } from 'node:http';

/** The certificate a caller proved possession of. */
export interface CertificateEvidence {
  /** The leaf, DER. */
  readonly der: Buffer;
  /** base64url(SHA-256(der)), the value of `cnf["x5t#S256"]`. */
  readonly thumbprint: string;
  /**
   * What was sent along with it, DER; left out when there was nothing. Hints for finding a path, and no more: nobody
   * verified them, and there are never more than `sentAlong` keeps.
   */
  readonly intermediates?: readonly Buffer[];
  /** Who vouches for it: our own TLS listener, or the proxy in front of us. */
  readonly source: 'socket' | 'proxy';
}

/**
 * Where a listener's client certificates come from. Exactly one per listener, chosen by whoever installs the guard;
 * there is no default, because believing the wrong place would hand every token to everybody.
 */
export interface CertificateSource {
  /**
   * The evidence for this request; undefined when no certificate was presented.
   * @throws RefusedError `invalid_request`, check `certificate_header_…`, when the request carries a certificate header
   *   that must not be there or that cannot be believed
   */
  evidenceOf(request: IncomingMessage): CertificateEvidence | undefined;
  /** True when a header says it: the guards then keep caches from storing the answers. // T7 */
  readonly readsHeader?: boolean;
  /** What an operator is to be told at every boot; the module logs it. */
  readonly warnings?: readonly string[];
}
