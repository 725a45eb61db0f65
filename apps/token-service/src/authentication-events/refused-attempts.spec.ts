import { describe, expect, it } from 'vitest';
import { RefusedAttempts, type RefusedAttempt } from './refused-attempts.js';

const attempt = (changes: Partial<RefusedAttempt> = {}): RefusedAttempt => ({
  endpoint: 'token',
  error: 'invalid_client',
  check: 'client_unknown',
  clientId: undefined,
  address: '192.0.2.1',
  requestId: 'req_1',
  at: new Date('2026-01-01T12:00:00Z'),
  ...changes,
});

describe('A34: refused strangers are counted', () => {
  it('what they have in common is one row: how often, first and last, and some request ids', () => {
    const attempts = new RefusedAttempts();
    for (let n = 1; n <= 9; n += 1) {
      const at = new Date(Date.UTC(2026, 0, 1, 12, n));
      attempts.note(attempt({ address: `192.0.2.${n}`, requestId: `req_${n}`, at }));
    }
    expect(attempts.takeChanged()).toEqual([
      {
        day: '2026-01-01',
        endpoint: 'token',
        error: 'invalid_client',
        failed_check: 'client_unknown',
        client_id: '',
        address_range: '192.0.2.0/24',
        attempts: 9,
        first_at: '2026-01-01T12:01:00.000Z',
        last_at: '2026-01-01T12:09:00.000Z',
        request_ids: ['req_1', 'req_2', 'req_3', 'req_4', 'req_9'],
      },
    ]);
    expect(attempts.takeChanged()).toEqual([]);
  });

  it('another check, client, network or day is another row', () => {
    const attempts = new RefusedAttempts();
    attempts.note(attempt());
    attempts.note(attempt({ check: 'certificate_missing' }));
    attempts.note(attempt({ clientId: 'cli_1' }));
    attempts.note(attempt({ address: '198.51.100.1' }));
    attempts.note(attempt({ at: new Date('2026-01-02T00:00:00Z') }));
    expect(attempts.takeChanged().map((row) => row.attempts)).toEqual([1, 1, 1, 1, 1]);
  });

  it('more networks than are told apart are counted together, until another day begins', () => {
    const attempts = new RefusedAttempts(10);
    for (let n = 0; n < 250; n += 1) attempts.note(attempt({ address: `10.0.${n}.1` }));
    expect(attempts.toldApart).toBe(11);
    expect(attempts.takeChanged().find(({ address_range }) => address_range === '*')).toMatchObject({ attempts: 240 });
    attempts.note(attempt({ at: new Date('2026-01-02T00:00:00Z') }));
    expect(attempts.toldApart).toBe(1);
  });

  it('what could not be stored is there again, with what came meanwhile', () => {
    const attempts = new RefusedAttempts();
    attempts.note(attempt());
    const taken = attempts.takeChanged();
    attempts.note(attempt());
    attempts.again(taken);
    expect(attempts.takeChanged()).toMatchObject([{ attempts: 2 }]);
  });
});
