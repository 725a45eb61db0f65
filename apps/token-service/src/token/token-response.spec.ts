import { expect, it } from 'vitest';
import { tokenResponse } from './token-response.js';

it('goes through its schema, like every answer', () => {
  const grant = { audience: 'https://api.test', scopes: ['a'], lifetime: 1.5, signingAlg: 'ES256' };
  expect(() => tokenResponse('token', grant)).toThrow(/expires_in/);
});

it('A8, A26: the answer says how long the token lives and what it allows', () => {
  const grant = { audience: 'https://api.test', scopes: ['a', 'b'], lifetime: 90, signingAlg: 'ES256' };
  expect(tokenResponse('token', grant)).toEqual({
    access_token: 'token',
    token_type: 'Bearer',
    expires_in: 90,
    scope: 'a b',
  });
});
