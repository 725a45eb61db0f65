import { describe, expect, it } from 'vitest';
import { SigningKeyPolicy } from './signing-key-policy.js';

const SECOND = 1_000;

describe('A28: the policy', () => {
  const policy = new SigningKeyPolicy();

  it('rotates every 30 days, and publishes a standby a day before its use', () => {
    expect(policy).toMatchObject({ rotationMs: 30 * 86_400 * SECOND, publishBeforeUseMs: 86_400 * SECOND });
  });

  it('keeps a retired key for the longest token, plus what a replica may not have noticed, plus skew', () => {
    expect(policy.keepRetiredMs).toBe((900 + 30 + 60) * SECOND);
  });

  it('waits longer than any replica may publish an old set before it uses a new key in an emergency', () => {
    expect(policy.settleMs).toBeGreaterThan(policy.staleAfterMs);
  });

  it.each([
    [86_400, 300],
    [900, 300],
    [60, 30],
  ])('a key set may be cached for less than half the %i s a standby is published before use', (published, maxAge) => {
    expect(new SigningKeyPolicy({ publishBeforeUseMs: published * SECOND }).jwksMaxAgeSeconds).toBe(maxAge);
  });
});
