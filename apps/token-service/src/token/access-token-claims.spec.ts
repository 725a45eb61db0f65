import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AuthenticatedClient } from '../clients/authentication/authenticate-client.js';
import { accessTokenClaims } from './access-token-claims.js';

const thumbprint = createHash('sha256').update('leaf').digest('base64url');
const authenticated = {
  client: { clientId: 'cli_1', partnerId: 'ptn_1' },
  certificate: { thumbprint },
} as unknown as AuthenticatedClient;
const now = new Date('2026-06-01T12:00:00.900Z');
const claims = () =>
  accessTokenClaims(
    'https://issuer.test',
    authenticated,
    { audience: 'https://api.test', scopes: ['a', 'b'], lifetime: 300, signingAlg: 'ES256' },
    now,
  );

describe('A4, A16, A17, A22: accessTokenClaims', () => {
  it('has exactly the claims of the profile, bound to the certificate', () => {
    const { jti, ...others } = claims();
    expect(jti).toBeDefined();
    expect(others).toEqual({
      iss: 'https://issuer.test',
      sub: 'cli_1',
      aud: 'https://api.test',
      iat: Date.parse('2026-06-01T12:00:00Z') / 1000,
      exp: Date.parse('2026-06-01T12:05:00Z') / 1000,
      client_id: 'cli_1',
      partner_id: 'ptn_1',
      scope: 'a b',
      cnf: { 'x5t#S256': thumbprint },
    });
  });

  it('A18: jti has at least 128 bits and never repeats', () => {
    const ids = Array.from({ length: 100 }, () => claims().jti!);
    expect(new Set(ids).size).toBe(100);
    expect(Buffer.from(ids[0]!, 'base64url').length).toBeGreaterThanOrEqual(16);
  });
});
