import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { derToJose } from './der-to-jose.js';

describe('a P-256 signature in the form of JWS', () => {
  it('verifies, whether its integers are short, long or just right', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const lengths = new Set<number>();
    // one in 128 has an integer that is shorter than usual
    for (let number = 0; number < 1_000; number += 1) {
      const data = Buffer.from(`number ${number}`);
      const der = sign('sha256', data, privateKey);
      lengths.add(der.length);
      expect(verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, derToJose(der))).toBe(true);
    }
    expect(lengths.size).toBeGreaterThan(2);
  });
});
