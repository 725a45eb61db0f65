import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { BoundToken } from '../protocol/bound-token.js';
import { RefusedError } from '../protocol/errors.js';
import { FeedRefusedError } from '../protocol/feed-refused-error.js';
import type { FeedStatement, RevocationEntry } from '../protocol/revocation-feed.js';
import { RevocationState } from './revocation-state.js';

const start = Date.parse('2026-06-01T12:00:00Z');
const T = start / 1000;

/** Two clocks that move together unless one is moved alone. */
class Clock {
  constructor(
    public wallMs = start,
    public monotonicMs = 5_000,
  ) {}
  wall = () => this.wallMs;
  monotonic = () => this.monotonicMs;
  get now() {
    return new Date(this.wallMs);
  }
  pass(ms: number) {
    this.wallMs += ms;
    this.monotonicMs += ms;
  }
}

function clientOff(clientId: string, seq: number, more: Partial<RevocationEntry> = {}): RevocationEntry {
  const subject = { client_id: clientId };
  return { seq, kind: 'client', subject, mode: 'off', recorded_at: T, expires_at: T + 900, ...more };
}

function statement(claims: Partial<FeedStatement> = {}): FeedStatement {
  const iat = claims.iat ?? T;
  const max_age = claims.max_age ?? 30;
  return {
    iss: 'https://issuer.test',
    exp: iat + max_age,
    epoch: 'e1',
    seq: 3,
    since: 0,
    entries: [],
    ...claims,
    iat,
    max_age,
  };
}

function tokenOf(clientId: string): BoundToken {
  return {
    partnerId: 'ptn_1',
    clientId,
    scopes: ['a'],
    issuer: 'https://issuer.test',
    audience: 'https://api.test',
    jti: 'j',
    keyId: 'k1',
    issuedAt: new Date(start - 1_000),
    expiresAt: new Date(start + 299_000),
    confirmation: { 'x5t#S256': createHash('sha256').update('leaf').digest('base64url') },
    claims: {},
  };
}

function held(...first: FeedStatement[]) {
  const clock = new Clock();
  const state = new RevocationState({ clock });
  first.forEach((one) => state.apply(one));
  const refusal = (ask: () => void): string => {
    try {
      ask();
      return 'let through';
    } catch (error) {
      if (error instanceof RefusedError) return `${error.code} ${error.check}`;
      if (error instanceof FeedRefusedError) return error.code;
      throw error;
    }
  };
  return {
    clock,
    state,
    apply: (claims: Partial<FeedStatement>) => refusal(() => state.apply(statement(claims))),
    fresh: () => refusal(() => state.assertFresh(clock.now)),
    judge: (clientId: string) => refusal(() => state.assertNotRevoked(tokenOf(clientId), clock.now)),
  };
}

const FRESH = 'let through';
const STALE = 'unavailable revocations_stale';
const REVOKED = 'invalid_token token_revoked';

describe('R9: how fresh the revocations are', () => {
  it('not at all before the first statement', () => {
    const { state, fresh, judge } = held();
    expect(fresh()).toBe(STALE);
    expect(judge('cli_1')).toBe(FRESH);
    expect(state).toMatchObject({ ageMs: Infinity, size: 0, position: undefined });
  });

  it('fresh up to max_age after the iat, stale from then on, and fresh again with the next statement', () => {
    const { state, clock, fresh, apply } = held(statement());
    expect(state.ageMs).toBe(0);
    clock.pass(30_000);
    expect(fresh()).toBe(FRESH);
    clock.pass(1);
    expect(fresh()).toBe(STALE);
    expect(state.ageMs).toBe(30_001);
    expect(apply({ iat: T + 30, since: 3 })).toBe(FRESH);
    expect(fresh()).toBe(FRESH);
  });

  it('the max_age is what the newest statement says', () => {
    const { clock, fresh, apply } = held(statement());
    expect(apply({ iat: T + 1, max_age: 2, since: 3 })).toBe(FRESH);
    clock.pass(3_001);
    expect(fresh()).toBe(STALE);
  });

  it('age counts from the iat, not from when it came: an old but validly signed statement is old', () => {
    const { state, fresh, clock } = held();
    clock.pass(29_000);
    state.apply(statement());
    expect(fresh()).toBe(FRESH);
    clock.pass(1_001);
    expect(fresh()).toBe(STALE);
  });

  it('a wall clock that is set back makes nothing younger', () => {
    const { state, clock, fresh } = held(statement());
    clock.pass(30_001);
    clock.wallMs -= 3_600_000;
    expect(fresh()).toBe(STALE);
    expect(state.ageMs).toBe(30_001);
  });

  it('a monotonic clock that stood still while the machine slept makes nothing younger', () => {
    const { clock, fresh } = held(statement());
    clock.wallMs += 30_001;
    expect(fresh()).toBe(STALE);
  });

  it('a statement from a clock that is ahead is not fresh for longer', () => {
    const { clock, fresh, apply } = held();
    expect(apply({ iat: T + 5 })).toBe(FRESH);
    clock.pass(30_001);
    expect(fresh()).toBe(STALE);
  });
});

describe('R9: what renews nothing', () => {
  it.each([
    ['the same statement once more', { iat: T + 1 }, 'feed_replayed'],
    ['an older one of the same head', { iat: T }, 'feed_replayed'],
    ['a lower seq, however new', { iat: T + 29, seq: 2 }, 'feed_seq_lower'],
    ['a lower seq that is older too', { iat: T, seq: 2 }, 'feed_seq_lower'],
    ['one with a gap before it', { iat: T + 29, seq: 5, since: 4 }, 'feed_gap'],
    ['another epoch without a snapshot', { iat: T + 29, epoch: 'e2', seq: 5, since: 3 }, 'feed_gap'],
    ['another epoch with the same iat', { iat: T + 1, epoch: 'e2' }, 'feed_replayed'],
    ['another epoch with an older iat', { iat: T, epoch: 'e2', seq: 9 }, 'feed_replayed'],
  ] satisfies [string, Partial<FeedStatement>, string][])('%s', (_, claims, code) => {
    const { state, clock, fresh, apply, judge } = held(statement({ iat: T + 1, entries: [clientOff('cli_1', 3)] }));
    clock.pass(29_000);
    expect(apply({ ...claims, entries: [] })).toBe(code);
    expect(state.position).toEqual({ epoch: 'e1', seq: 3 });
    expect(judge('cli_1')).toBe(REVOKED);
    clock.pass(2_001);
    expect(fresh()).toBe(STALE);
  });

  it('news from a replica whose clock is behind: they count, and the age stays', () => {
    const { state, clock, fresh, apply, judge } = held(statement({ iat: T + 2 }));
    expect(apply({ iat: T + 1, seq: 4, since: 3, max_age: 300, entries: [clientOff('cli_1', 4)] })).toBe(FRESH);
    expect(state.position).toEqual({ epoch: 'e1', seq: 4 });
    expect(judge('cli_1')).toBe(REVOKED);
    clock.pass(32_001);
    expect(fresh()).toBe(STALE);
  });

  it('the first statement of all, when it is no snapshot', () => {
    const { fresh, apply, state } = held();
    expect(apply({ since: 2 })).toBe('feed_gap');
    expect(fresh()).toBe(STALE);
    expect(state.position).toBeUndefined();
  });

  it('an epoch that has ended, however new: a replica is still connected to the database of then', () => {
    const { apply, judge } = held(statement());
    expect(apply({ iat: T + 1, epoch: 'e2', seq: 4, entries: [clientOff('cli_1', 4)] })).toBe(FRESH);
    expect(apply({ iat: T + 2, epoch: 'e1', seq: 9 })).toBe('feed_replayed');
    expect(judge('cli_1')).toBe(REVOKED);
  });
});

describe('R2, A29: the generation of what was verified', () => {
  const keyOff = (kid: string, seq: number): RevocationEntry => ({
    seq,
    kind: 'key',
    subject: { kid },
    mode: 'off',
    recorded_at: T,
    expires_at: T + 900,
  });

  it('ends with each key that is distrusted, and with nothing else', () => {
    const { state, apply } = held(statement());
    const generations = [state.generation];
    const say = (claims: Partial<FeedStatement>): void => {
      expect(apply(claims)).toBe('let through');
      generations.push(state.generation);
    };
    say({ iat: T + 1, seq: 4, since: 3, entries: [clientOff('cli_1', 4)] });
    say({ iat: T + 2, seq: 5, since: 4, entries: [keyOff('k1', 5)] });
    say({ iat: T + 3, seq: 5, since: 5 });
    say({ iat: T + 4, seq: 5, since: 0, entries: [clientOff('cli_1', 4), keyOff('k1', 5)] });
    say({ iat: T + 5, seq: 6, since: 0, entries: [keyOff('k1', 5), keyOff('k2', 6)] });
    const [first] = generations as [number];
    expect(generations.map((one) => one - first)).toEqual([0, 0, 1, 1, 1, 2]);
  });

  it('goes on when a statement is refused', () => {
    const { state, apply } = held(statement());
    const before = state.generation;
    expect(apply({ seq: 3, entries: [keyOff('k1', 3)] })).toBe('feed_replayed');
    expect(state.generation).toBe(before);
  });
});

describe('R2: what is revoked', () => {
  it('is what the snapshot said and every statement since: reinstating lets new tokens through and keeps old ones out', () => {
    const { state, apply, judge } = held(statement({ entries: [clientOff('cli_1', 1), clientOff('cli_2', 3)] }));
    const cutoff = clientOff('cli_1', 4, { mode: 'cutoff', issued_before: T - 10 });
    expect(apply({ iat: T + 1, seq: 5, since: 3, entries: [cutoff, clientOff('cli_3', 5)] })).toBe(FRESH);
    expect(['cli_1', 'cli_2', 'cli_3', 'cli_4'].map(judge)).toEqual([FRESH, REVOKED, REVOKED, FRESH]);
    expect(apply({ iat: T + 2, seq: 6, since: 5, entries: [{ ...cutoff, seq: 6, issued_before: T - 1 }] })).toBe(FRESH);
    expect(judge('cli_1')).toBe(REVOKED);
    expect(state).toMatchObject({ size: 3, position: { epoch: 'e1', seq: 6 } });
  });

  it('may come again: a statement that begins before what is held', () => {
    const { state, apply } = held(statement({ entries: [clientOff('cli_1', 3)] }));
    expect(apply({ iat: T + 1, seq: 4, since: 2, entries: [clientOff('cli_1', 3), clientOff('cli_2', 4)] })).toBe(
      FRESH,
    );
    expect(state.size).toBe(2);
  });

  it.each([
    ['in the same epoch', { epoch: 'e1', seq: 7 }],
    ['of a new epoch, with a lower seq', { epoch: 'e2', seq: 1 }],
  ])('a snapshot replaces all: %s', (_, claims) => {
    const { state, apply, judge } = held(statement({ entries: [clientOff('cli_1', 1), clientOff('cli_2', 3)] }));
    expect(apply({ iat: T + 1, ...claims, entries: [clientOff('cli_3', 1)] })).toBe(FRESH);
    expect(['cli_1', 'cli_2', 'cli_3'].map(judge)).toEqual([FRESH, FRESH, REVOKED]);
    expect(state).toMatchObject({ size: 1, position: claims });
  });

  it('is refused also when nothing is fresh any more', () => {
    const { clock, judge, fresh } = held(statement({ entries: [clientOff('cli_1', 1)] }));
    clock.pass(60_000);
    expect([judge('cli_1'), fresh()]).toEqual([REVOKED, STALE]);
  });

  it('refuses nothing once it has expired, and is dropped with the next statement', () => {
    const entries = [clientOff('cli_1', 1, { expires_at: T + 10 }), clientOff('cli_2', 2, { expires_at: T + 20 })];
    const { state, clock, apply, judge } = held(statement({ entries }));
    clock.pass(10_000);
    expect([judge('cli_1'), judge('cli_2'), state.size]).toEqual([FRESH, REVOKED, 2]);
    expect(apply({ iat: T + 10, since: 3 })).toBe(FRESH);
    expect([judge('cli_2'), state.size]).toEqual([REVOKED, 1]);
    clock.pass(10_000);
    expect(apply({ iat: T + 20, since: 3, entries: [] })).toBe(FRESH);
    expect(state.size).toBe(0);
  });

  it('tells the operator which entry refused, and the caller nothing', () => {
    const { state, clock } = held(statement({ entries: [clientOff('cli_1', 2)] }));
    const refused = (): unknown => {
      try {
        return state.assertNotRevoked(tokenOf('cli_1'), clock.now);
      } catch (error) {
        return error;
      }
    };
    const error = refused() as RefusedError;
    expect(error.message).toContain('client {"client_id":"cli_1"} is off since 2');
    expect(error.publicText).not.toMatch(/revoked|cli_1/);
  });

  it('costs the same however much is revoked: no entry is looked at that is about somebody else', () => {
    let looks = 0;
    const counted = (entry: RevocationEntry) =>
      new Proxy(entry, { get: (from, name) => ((looks += 1), Reflect.get(from, name) as unknown) });
    const entries = Array.from({ length: 20_000 }, (_, at) => counted(clientOff(`cli_${at}`, at + 1)));
    const { judge } = held(statement({ seq: 20_000, entries }));
    looks = 0;
    for (let at = 0; at < 2_000; at++) judge('cli_none');
    expect(looks).toBe(0);
    expect(judge('cli_19999')).toBe(REVOKED);
    expect(looks).toBeGreaterThan(0);
  });
});
