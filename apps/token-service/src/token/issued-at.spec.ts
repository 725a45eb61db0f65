import {
  isRevoked,
  SubjectMap,
  type FindRevocation,
  type RevocationEntry,
} from '@partner-ecosystem/mtls-binding/protocol';
import { describe, expect, it } from 'vitest';
import { issuedAt } from './issued-at.js';

const NOW = 1_800_000_000.25;
const now = new Date(NOW * 1_000);
const token = {
  partnerId: 'ptn_1',
  clientId: 'cli_1',
  audience: 'https://api.test',
  scopes: ['a', 'b'],
  jti: 'j',
  confirmation: { 'x5t#S256': 'thumbprint' },
};

function found(...entries: (Pick<RevocationEntry, 'kind' | 'subject'> & Partial<RevocationEntry>)[]): FindRevocation {
  const dates = { recorded_at: NOW - 1, expires_at: NOW + 900 };
  const whole = entries.map((entry): RevocationEntry => ({ seq: 1, mode: 'cutoff', ...dates, ...entry }));
  const held = new SubjectMap<RevocationEntry>();
  for (const entry of whole) held.set(entry.kind, entry.subject, entry);
  return (...subject) => held.find(...subject);
}
const partner = { kind: 'partner', subject: { partner_id: 'ptn_1' } } as const;

describe('R2: the date of a token', () => {
  it('is now, in whole seconds', () => {
    expect(issuedAt(token, found(), now)).toBe(1_800_000_000);
    expect(issuedAt(token, found({ ...partner, issued_before: NOW - 5 }), now)).toBe(1_800_000_000);
  });

  it.each([
    ['all', {}],
    ['partner', { partner_id: 'ptn_1' }],
    ['client', { client_id: 'cli_1' }],
    ['certificate', { thumbprint: 'thumbprint' }],
    ['grant', { client_id: 'cli_1', audience: 'https://api.test', scope: 'b' }],
  ] as const)('is just past a cutoff of %s, so that the guard does not take it for an old one', (kind, subject) => {
    const find = found({ kind, subject, issued_before: NOW + 1.5 });
    const iat = issuedAt(token, find, now);
    expect(iat).toBe(1_800_000_002);
    expect(isRevoked({ ...token, keyId: 'k', issuedAt: new Date(iat * 1_000) }, find, now)).toBeUndefined();
  });

  it('is past the latest of several', () => {
    const client = { kind: 'client', subject: { client_id: 'cli_1' } } as const;
    const find = found({ ...partner, issued_before: NOW + 0.1 }, { ...client, issued_before: NOW + 2 });
    expect(issuedAt(token, find, now)).toBe(1_800_000_003);
  });

  it('is never more than four seconds ahead: then it is now, and the token is refused', () => {
    expect(issuedAt(token, found({ ...partner, issued_before: NOW + 3.7 }), now)).toBe(1_800_000_004);
    expect(issuedAt(token, found({ ...partner, issued_before: NOW + 30 }), now)).toBe(1_800_000_000);
  });

  it('does not mind what is off, what is over, and whom else it is about', () => {
    const others = found(
      { ...partner, mode: 'off' },
      { kind: 'client', subject: { client_id: 'cli_2' }, issued_before: NOW + 2 },
      { kind: 'all', subject: {}, issued_before: NOW + 2, expires_at: NOW - 1 },
    );
    expect(issuedAt(token, others, now)).toBe(1_800_000_000);
  });
});
