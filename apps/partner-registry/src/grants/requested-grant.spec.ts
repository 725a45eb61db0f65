import { describe, expect, it } from 'vitest';
import type { Scope } from '../records/scope.entity.js';
import type { Grant } from '../records/grant.entity.js';
import { requestedGrant } from './requested-grant.js';

const now = new Date('2026-06-01T00:00:00Z');
const [past, soon, later] = ['2026-05-01', '2026-07-01', '2026-08-01'].map((day) => new Date(`${day}T00:00:00Z`));
const plain = { name: 'plain', needs_approval: false } as Scope;
const guarded = { name: 'guarded', needs_approval: true } as Scope;
const request = (validUntil: Date | null = null) => ({ validUntil, requestedBy: 'cli_asking' });
const grant = (fields: Partial<Grant>) =>
  ({ status: 'active', valid_until: null, requested_by: 'cli_first', decided_by: 'cli_second', ...fields }) as Grant;

describe('a scope without approval', () => {
  it.each<[string, Grant | undefined]>([
    ['for the first time', undefined],
    ['after it was revoked', grant({ status: 'revoked' })],
    ['after it ended', grant({ valid_until: past! })],
    ['after it was requested while it needed approval', grant({ status: 'requested' })],
  ])('is in force when it is asked for %s', (_, present) => {
    expect(requestedGrant(present, plain, request(soon), now)).toMatchObject({
      status: 'active',
      valid_until: soon,
      requested_by: 'cli_asking',
      decided_by: null,
    });
  });

  it('is renewed in place, in both directions', () => {
    for (const end of [null, past!, later!]) {
      expect(requestedGrant(grant({ valid_until: soon! }), plain, request(end), now)).toMatchObject({
        status: 'active',
        valid_until: end,
        requested_by: 'cli_first',
      });
    }
  });
});

describe('a scope that needs approval', () => {
  it.each<[string, Grant | undefined]>([
    ['for the first time', undefined],
    ['after it was rejected', grant({ status: 'rejected' })],
    ['after it was revoked', grant({ status: 'revoked' })],
    ['after it ended', grant({ valid_until: past! })],
    ['again while it is requested', grant({ status: 'requested', decided_by: null })],
  ])('waits when it is asked for %s, by whoever asked last', (_, present) => {
    expect(requestedGrant(present, guarded, request(), now)).toMatchObject({
      status: 'requested',
      requested_by: 'cli_asking',
      decided_by: null,
    });
  });

  it('stays in force as it was approved, or shorter; never longer', () => {
    const present = grant({ valid_until: soon! });
    expect(requestedGrant(present, guarded, request(soon), now)).toMatchObject({ status: 'active', valid_until: soon });
    expect(requestedGrant(present, guarded, request(past), now)).toMatchObject({ status: 'active', valid_until: past });
    for (const end of [later!, null]) {
      expect(() => requestedGrant(present, guarded, request(end), now)).toThrow(
        expect.objectContaining({ code: 'approval_pending' }),
      );
    }
    expect(requestedGrant(grant({}), guarded, request(later), now)).toMatchObject({ valid_until: later });
  });
});
