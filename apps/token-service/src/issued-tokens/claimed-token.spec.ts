import { describe, expect, it } from 'vitest';
import { claimedToken } from './claimed-token.js';

const ISSUER = 'https://issuer.test';
const claims = { iss: ISSUER, aud: 'https://api.test', client_id: 'cli_1', exp: 0 };
const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
const token = (payload: unknown = claims, header: unknown = { alg: 'ES256', typ: 'at+jwt' }) =>
  `${encoded(header)}.${encoded(payload)}.c2lnbmF0dXJl`;

describe('A25: whose a token is, by its own word', () => {
  it('is read whatever its signature, its dates and its key', () => {
    expect(claimedToken(token(), ISSUER)).toEqual({ clientId: 'cli_1', audience: 'https://api.test' });
    expect(claimedToken(token(claims, { alg: 'none', typ: 'application/at+jwt' }), ISSUER)).toBeDefined();
  });

  it.each<[string, string]>([
    ['of another issuer', token({ ...claims, iss: 'https://other.test' })],
    ['of the issuer with a slash', token({ ...claims, iss: `${ISSUER}/` })],
    ['without client_id', token({ ...claims, client_id: undefined })],
    ['with an empty client_id', token({ ...claims, client_id: '' })],
    ['with a list of audiences', token({ ...claims, aud: ['https://api.test'] })],
    ['without an audience', token({ ...claims, aud: undefined })],
    ['of another type', token(claims, { alg: 'ES256', typ: 'token-introspection+jwt' })],
    ['of no type', token(claims, { alg: 'ES256' })],
    ['of a type that is no text', token(claims, { alg: 'ES256', typ: ['at+jwt'] })],
    ['whose payload is no object', token('text')],
    ['whose payload is no JSON', `${encoded({ typ: 'at+jwt' })}.AAAA.AAAA`],
    ['of two parts', token().split('.').slice(0, 2).join('.')],
    ['of five parts', `${token()}.x.y`],
    ['that is an opaque text', 'b3BhcXVl'],
    ['with a NUL', 'a\0b.c.d'],
    ['that is dots', '..'],
    ['that names __proto__', token({ ...claims, iss: undefined, ['__proto__']: { iss: ISSUER } })],
  ])('is unknown of one %s', (_, text) => expect(claimedToken(text, ISSUER)).toBeUndefined());
});
