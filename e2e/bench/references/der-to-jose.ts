const HALF = 32;

/** A P-256 signature as OpenSSL writes it (DER: SEQUENCE of two INTEGERs) in the form JWS wants (RFC 7518 section 3.4). */
export function derToJose(der: Buffer): Buffer {
  const jose = Buffer.alloc(2 * HALF);
  let at = 2; // SEQUENCE and its length, which is one byte for this curve
  for (const end of [HALF, 2 * HALF]) {
    const length = der[at + 1]!;
    const from = at + 2 + Math.max(0, length - HALF); // a leading zero keeps an INTEGER positive
    const until = at + 2 + length;
    der.copy(jose, end - (until - from), from, until);
    at = until;
  }
  return jose;
}
