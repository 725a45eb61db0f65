import { createHash } from 'node:crypto';
import type { BoundToken } from '@partner-ecosystem/mtls-binding';
import { CLIENT_ID, PARTNER_ID } from '../clients/registered-client.fixture.spec.js';

export const AUDIENCE = 'https://api.test';
export const THUMBPRINT = createHash('sha256').update('certificate').digest('base64url');

/** A verified token of the registered client of the fixtures. */
export function boundToken(changes: Partial<BoundToken> = {}): BoundToken {
  return {
    partnerId: PARTNER_ID,
    clientId: CLIENT_ID,
    scopes: ['things:read'],
    issuer: 'https://issuer.test',
    audience: AUDIENCE,
    jti: 'j'.repeat(27),
    keyId: 'k'.repeat(43),
    issuedAt: new Date('2026-06-01T12:00:00Z'),
    expiresAt: new Date('2026-06-01T12:05:00Z'),
    confirmation: { 'x5t#S256': THUMBPRINT },
    claims: {},
    ...changes,
  };
}
