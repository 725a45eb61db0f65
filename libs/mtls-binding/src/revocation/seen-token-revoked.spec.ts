import { describe, expect, it } from 'vitest';
import type { BoundToken } from '../protocol/bound-token.js';
import { RefusedError } from '../protocol/errors.js';
import { ABOUT_IT, REVOCABLE } from '../protocol/revocable-token.testing.js';
import type { FeedStatement, RevocationEntry, RevocationKind, RevocationSubject } from '../protocol/revocation-feed.js';
import { RevocationState } from './revocation-state.js';

// A guard holds the same object for as long as it knows a token, and asks about it again and again.

const T = Date.parse('2026-06-01T12:00:00Z') / 1_000;
const NOW = new Date(T * 1_000);
const token: BoundToken = {
  ...REVOCABLE,
  issuer: 'https://issuer.test',
  claims: {},
  issuedAt: new Date((T - 1) * 1_000),
  expiresAt: new Date((T + 299) * 1_000),
};

function entry(
  seq: number,
  kind: RevocationKind,
  subject: RevocationSubject,
  more: Partial<RevocationEntry> = {},
): RevocationEntry {
  return { seq, kind, subject, mode: 'off', recorded_at: T, expires_at: T + 900, ...more };
}

const another = entry(1, 'client', { client_id: 'cli_another' });

/** Of an issuer that goes on saying more. */
function followed() {
  const state = new RevocationState({ clock: { wall: () => T * 1_000, monotonic: () => 0 } });
  let [iat, seq] = [T, 0];
  const say = (entries: RevocationEntry[], more: Partial<FeedStatement> = {}): void => {
    const since = seq;
    [iat, seq] = [iat + 1, seq + entries.length];
    const own = { iss: 'https://issuer.test', exp: iat + 30, max_age: 30, epoch: 'e1' };
    state.apply({ ...own, iat, seq, since, entries, ...more });
  };
  const judged = (now = NOW): string => {
    try {
      state.assertNotRevoked(token, now);
      return 'let through';
    } catch (error) {
      if (error instanceof RefusedError) return error.check;
      throw error;
    }
  };
  say([another]);
  return { say, judged };
}

describe('R2: a token that was let through before', () => {
  it.each(ABOUT_IT)('is refused with the statement that revokes its %s', (kind, subject) => {
    const { say, judged } = followed();
    expect([judged(), judged()]).toEqual(['let through', 'let through']);
    say([entry(2, kind, subject)]);
    expect([judged(), judged()]).toEqual(['token_revoked', 'token_revoked']);
  });

  it('is refused with a snapshot that revokes it', () => {
    const { say, judged } = followed();
    expect(judged()).toBe('let through');
    say([entry(1, 'client', { client_id: 'cli_1' })], { epoch: 'e2', seq: 1, since: 0 });
    expect(judged()).toBe('token_revoked');
  });

  it('is let through for as long as nothing is said of it', () => {
    const { say, judged } = followed();
    for (const news of [[], [entry(2, 'jti', { jti: 'j2' })], [], [entry(3, 'partner', { partner_id: 'ptn_2' })]]) {
      say(news);
      expect([judged(), judged()]).toEqual(['let through', 'let through']);
    }
  });

  it('is looked up each time once something is said of it that does not refuse it yet', () => {
    const { say, judged } = followed();
    say([entry(2, 'client', { client_id: 'cli_1' }, { expires_at: T + 10 })]);
    const later = new Date((T + 10) * 1_000);
    expect([judged(later), judged(later), judged()]).toEqual(['let through', 'let through', 'token_revoked']);
    say([entry(3, 'client', { client_id: 'cli_1' }, { mode: 'cutoff', issued_before: T - 5 })]);
    expect([judged(), judged()]).toEqual(['let through', 'let through']);
    say([entry(4, 'client', { client_id: 'cli_1' }, { mode: 'cutoff', issued_before: T })]);
    expect(judged()).toBe('token_revoked');
  });
});
