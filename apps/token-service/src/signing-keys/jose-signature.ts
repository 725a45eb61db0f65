const HALF = 32;

/**
 * A P-256 signature in the form of JWS (RFC 7518 section 3.4). Asking OpenSSL for that form costs as much as the signature
 * itself on Node 24; this costs nothing.
 * @param der as OpenSSL writes it: a SEQUENCE of two INTEGERs
 */
export function joseSignature(der: Uint8Array): Buffer {
  const signature = Buffer.alloc(2 * HALF);
  let at = 2; // behind SEQUENCE and its length, which is one byte for this curve
  for (const end of [HALF, 2 * HALF]) {
    const length = der[at + 1]!;
    const until = at + 2 + length;
    const from = until - Math.min(length, HALF); // a leading zero only keeps an INTEGER positive
    signature.set(der.subarray(from, until), end - (until - from));
    at = until;
  }
  return signature;
}
