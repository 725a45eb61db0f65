import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isRevoked, type RevocableToken } from './is-revoked.js';
import { ABOUT_IT, REVOCABLE } from './revocable-token.testing.js';
import type { RevocationEntry, RevocationKind, RevocationSubject } from './revocation-feed.js';
import { SubjectMap } from './subject-map.js';

const now = new Date('2026-06-01T12:00:00Z');
const seconds = now.getTime() / 1000;
const iat = seconds - 60;
const thumbprint = createHash('sha256').update('leaf').digest('base64url');
const token: RevocableToken = { ...REVOCABLE, issuedAt: new Date(iat * 1000) };
const grant = { client_id: 'cli_1', audience: 'https://api.test', scope: 'b' };

function entry(kind: RevocationKind, subject: RevocationSubject, more: Partial<RevocationEntry> = {}): RevocationEntry {
  return { seq: 1, kind, subject, mode: 'off', recorded_at: seconds, expires_at: seconds + 900, ...more };
}

function revokedBy(entries: RevocationEntry[], given: RevocableToken = token): RevocationKind | undefined {
  const held = new SubjectMap<RevocationEntry>();
  for (const one of entries) held.set(one.kind, one.subject, one);
  return isRevoked(given, (...subject) => held.find(...subject), now)?.kind;
}

describe('R2: a token is revoked', () => {
  it.each(ABOUT_IT)('by an entry about its %s: off whatever its iat, cutoff up to issued_before', (kind, subject) => {
    const cutoff = (issued_before: number) => revokedBy([entry(kind, subject, { mode: 'cutoff', issued_before })]);
    expect(revokedBy([entry(kind, subject)])).toBe(kind);
    expect(revokedBy([entry(kind, subject)], { ...token, issuedAt: new Date((seconds + 5) * 1000) })).toBe(kind);
    expect(cutoff(iat)).toBe(kind);
    expect(cutoff(iat + 0.5)).toBe(kind);
    expect(cutoff(iat - 0.001)).toBeUndefined();
  });

  it.each(ABOUT_IT)('by an entry about its %s until that expires, and not from then on', (kind, subject) => {
    expect(revokedBy([entry(kind, subject, { expires_at: seconds + 0.001 })])).toBe(kind);
    expect(revokedBy([entry(kind, subject, { expires_at: seconds })])).toBeUndefined();
  });

  it('A29: by the distrust of the key that signed it, and of no other', () => {
    expect(revokedBy([entry('key', { kid: 'k1' })])).toBe('key');
    expect(revokedBy([entry('key', { kid: 'k2' })])).toBeUndefined();
  });

  it('whole, when any one of its scopes is', () => {
    for (const scope of token.scopes) expect(revokedBy([entry('grant', { ...grant, scope })])).toBe('grant');
  });

  it('by one entry that still refuses, whatever others let it pass', () => {
    const old = entry('client', { client_id: 'cli_1' }, { mode: 'cutoff', issued_before: iat - 1 });
    expect(revokedBy([old, entry('grant', grant)])).toBe('grant');
    expect(revokedBy([old, entry('all', {}, { expires_at: seconds - 1 }), entry('jti', { jti: 'j1' })])).toBe('jti');
  });

  it.each([
    ['partner', { partner_id: 'cli_1' }],
    ['client', { client_id: 'ptn_1' }],
    ['certificate', { thumbprint: thumbprint.toLowerCase() }],
    ['jti', { jti: 'j' }],
    ['grant', { ...grant, client_id: 'cli_2' }],
    ['grant', { ...grant, audience: 'https://other.test' }],
    ['grant', { ...grant, scope: 'c' }],
    ['grant', { ...grant, scope: 'a b' }],
  ] satisfies [RevocationKind, RevocationSubject][])('and never by what is about another: %s %j', (kind, subject) => {
    expect(revokedBy([entry(kind, subject)])).toBeUndefined();
  });

  it('with as many look-ups as it has scopes, and six, however much is revoked', () => {
    let lookups = 0;
    isRevoked(token, () => void lookups++ as undefined, now);
    expect(lookups).toBe(token.scopes.length + 6);
  });
});
