import { createHash } from 'node:crypto';
import type { RevocableToken } from './is-revoked.js';
import type { RevocationKind, RevocationSubject } from './revocation-feed.js';

const thumbprint = createHash('sha256').update('leaf').digest('base64url');

/** What of a token its revocation hangs on, but for when it was issued. */
export const REVOCABLE = {
  partnerId: 'ptn_1',
  clientId: 'cli_1',
  audience: 'https://api.test',
  scopes: ['a', 'b'],
  jti: 'j1',
  keyId: 'k1',
  confirmation: { 'x5t#S256': thumbprint },
} satisfies Omit<RevocableToken, 'issuedAt'>;

/** Of each kind, the subject that is about that token. */
export const ABOUT_IT: [RevocationKind, RevocationSubject][] = [
  ['all', {}],
  ['partner', { partner_id: 'ptn_1' }],
  ['client', { client_id: 'cli_1' }],
  ['certificate', { thumbprint }],
  ['jti', { jti: 'j1' }],
  ['key', { kid: 'k1' }],
  ['grant', { client_id: 'cli_1', audience: 'https://api.test', scope: 'b' }],
];
