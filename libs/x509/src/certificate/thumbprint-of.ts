import { createHash } from 'node:crypto';

/** RFC 8705 3.1 `x5t#S256`: base64url(SHA-256(DER)), 43 characters. Does not check: that the octets are a certificate. */
export function thumbprintOf(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('base64url');
}
