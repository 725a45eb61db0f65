import { describe, expect, it } from 'vitest';
import { bearerTokenFrom } from './authorization-header.js';
import { RefusedError } from './errors.js';

const refusal = (rawHeaders: string[]): string => {
  try {
    bearerTokenFrom(rawHeaders);
  } catch (error) {
    if (error instanceof RefusedError) return `${error.status} ${error.code} ${error.check}`;
  }
  return 'let through';
};

describe('R1: the token of the Authorization header', () => {
  it.each(['Bearer', 'bearer', 'BEARER'])('is read whatever the case of the scheme: %s', (scheme) => {
    expect(bearerTokenFrom(['Host', 'api', 'authorization', `${scheme} a.b-c_d~e+f/g==`])).toBe('a.b-c_d~e+f/g==');
  });

  it.each([
    ['no header', [], '401 unauthorized credentials_missing'],
    ['another scheme', ['Authorization', 'Basic YTpi'], '401 unauthorized credentials_missing'],
    ['a scheme that only begins alike', ['Authorization', 'BearerX a'], '401 unauthorized credentials_missing'],
    ['no token', ['Authorization', 'Bearer'], '400 invalid_request authorization_malformed'],
    ['blanks only', ['Authorization', 'Bearer   '], '400 invalid_request authorization_malformed'],
    ['two tokens', ['Authorization', 'Bearer a b'], '400 invalid_request authorization_malformed'],
    ['a list', ['Authorization', 'Bearer a, Bearer b'], '400 invalid_request authorization_malformed'],
    ['characters no token has', ['Authorization', 'Bearer a"b'], '400 invalid_request authorization_malformed'],
    [
      'two headers',
      ['Authorization', 'Bearer a', 'authorization', 'Bearer a'],
      '400 invalid_request authorization_repeated',
    ],
    [
      'two headers of different schemes',
      ['Authorization', 'Bearer a', 'AUTHORIZATION', 'Basic b'],
      '400 invalid_request authorization_repeated',
    ],
    ['a huge token', ['Authorization', `Bearer ${'a'.repeat(8193)}`], '401 invalid_token token_too_long'],
  ])('is refused with %s', (_, rawHeaders, expected) => {
    expect(refusal(rawHeaders)).toBe(expected);
  });

  it('is not taken for a header of another name with the same value', () => {
    expect(refusal(['X-Authorization', 'Bearer a', 'X', 'authorization'])).toBe('401 unauthorized credentials_missing');
  });
});
