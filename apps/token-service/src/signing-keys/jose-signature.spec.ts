import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { joseSignature } from './jose-signature.js';

describe('a P-256 signature in the form of JWS', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  it('verifies, whether its integers are as long as the curve, padded or shorter', () => {
    const missing = new Set([69, 70, 71, 72]);
    // Only one in 512 has an integer that is shorter than the curve and none that is padded.
    for (let number = 0; missing.size > 0; number += 1) {
      const text = Buffer.from(`number ${number}`);
      const der = sign('sha256', text, privateKey);
      missing.delete(der.length);
      expect(verify('sha256', text, { key: publicKey, dsaEncoding: 'ieee-p1363' }, joseSignature(der))).toBe(true);
    }
  });
});
