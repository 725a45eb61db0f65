import { describe, expect, it } from 'vitest';
import { challengeFor } from './challenge.js';
import { RefusedError } from './errors.js';

const metadata = 'https://api.test/.well-known/oauth-protected-resource';

describe('R6: the challenge', () => {
  it('is bare without credentials, and names the resource metadata', () => {
    const refusal = new RefusedError('unauthorized', 'credentials_missing', 'private');
    expect(challengeFor(refusal, undefined)).toBe('Bearer');
    expect(challengeFor(refusal, metadata)).toBe(`Bearer resource_metadata="${metadata}"`);
  });

  it('names the error for a bad token, and nothing an attacker could learn from', () => {
    const challenge = challengeFor(
      new RefusedError('invalid_token', 'certificate_mismatch', 'private words'),
      metadata,
    )!;
    expect(challenge).toMatch(/^Bearer error="invalid_token", error_description="[^"\\]+", resource_metadata="/);
    expect(challenge).not.toMatch(/mismatch|private/);
  });

  it('is the same for every reason a token can be bad for', () => {
    const [one, two] = (['token_expired', 'certificate_missing'] as const).map((check) =>
      challengeFor(new RefusedError('invalid_token', check, check), undefined),
    );
    expect(one).toBe(two);
  });

  it('names the scopes that are needed', () => {
    const refusal = new RefusedError('insufficient_scope', 'scope_missing', 'private', { requiredScopes: ['a', 'b'] });
    expect(challengeFor(refusal, undefined)).toContain('scope="a b"');
  });

  it('is absent when the request could not be judged', () => {
    expect(challengeFor(new RefusedError('unavailable', 'keys_unavailable', 'private'), metadata)).toBeUndefined();
  });
});
