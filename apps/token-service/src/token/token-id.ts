import { randomFillSync } from 'node:crypto';

const BYTES = 20; // A18 asks for 128 bits of randomness; a UUID has 122
const AT_ONCE = 128;

// Asking for random bytes costs the same for many as for few, as much as a tenth of the signature.
const pool = Buffer.alloc(BYTES * AT_ONCE);
let at = pool.length;

/** A `jti` that was never used: 160 random bits as base64url, each of them given once. // A18 */
export function newTokenId(): string {
  if (at === pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  at += BYTES;
  return pool.toString('base64url', at - BYTES, at);
}
