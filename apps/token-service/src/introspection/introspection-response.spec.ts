import { expect, it } from 'vitest';
import { CLIENT_ID, PARTNER_ID } from '../clients/registered-client.fixture.spec.js';
import { AUDIENCE, boundToken, THUMBPRINT } from './bound-token.fixture.spec.js';
import { activeResponse, INACTIVE, introspectionResponseSchema } from './introspection-response.js';

it('A16, A31: what an active token says, its confirmation included', () => {
  const response = activeResponse(boundToken({ scopes: ['a', 'b'] }));
  expect(response).toEqual({
    active: true,
    scope: 'a b',
    client_id: CLIENT_ID,
    partner_id: PARTNER_ID,
    token_type: 'Bearer',
    iat: Date.parse('2026-06-01T12:00:00Z') / 1000,
    exp: Date.parse('2026-06-01T12:05:00Z') / 1000,
    sub: CLIENT_ID,
    aud: AUDIENCE,
    iss: 'https://issuer.test',
    jti: 'j'.repeat(27),
    cnf: { 'x5t#S256': THUMBPRINT },
  });
  expect(introspectionResponseSchema.parse(response)).toEqual(response); // no member is lost on the way out
});

it('A25: an inactive one says nothing else', () => {
  expect(INACTIVE).toEqual({ active: false });
  expect(introspectionResponseSchema.parse(INACTIVE)).toEqual({ active: false });
});
