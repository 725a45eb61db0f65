import { describe, expect, it } from 'vitest';
import { AuthenticationAttempt } from './authentication-attempt.js';
import type { AuthenticationEvent } from './authentication-event.js';
import type { RefusedAttempt } from './refused-attempts.js';

const client = {
  clientId: `cli_${'1'.repeat(32)}`,
  partnerId: `ptn_${'2'.repeat(32)}`,
  authenticationMethod: 'tls_client_auth',
};
const token = {
  thumbprint: 'T',
  audience: 'https://api.test',
  scope: 'a b',
  jti: 'j',
  expiresAt: new Date('2026-01-01T00:05:00Z'),
};
const refusal = { error: 'invalid_client', check: 'client_unknown', thumbprint: 'T' };

function scene({ full = false } = {}) {
  const recorded: AuthenticationEvent[] = [];
  const counted: unknown[] = [];
  const strangers: RefusedAttempt[] = [];
  let places = 0;
  const at = new Date('2026-01-01T00:00:00.123Z');
  const attempt = new AuthenticationAttempt(
    { requestId: 'req_1', endpoint: 'token', at, address: '192.0.2.1' },
    {
      reserve: () => !full && (places += 1) > 0,
      release: () => void (places -= 1),
      record: (event) => {
        places -= 1;
        recorded.push(event);
      },
      count: (answer) => counted.push(answer),
      countRefused: (attempt) => strangers.push(attempt),
    },
  );
  return { attempt, recorded, counted, strangers, places: () => places };
}

describe('an attempt is recorded once', () => {
  it('granted, with what the token allows and the certificate it is bound to', () => {
    const { attempt, recorded, counted, places } = scene();
    attempt.claims(client);
    attempt.proven();
    attempt.granted(token);
    attempt.abandon();
    expect(recorded).toEqual([
      {
        occurred_at: '2026-01-01T00:00:00.123Z',
        request_id: 'req_1',
        outcome: 'granted',
        error: null,
        failed_check: null,
        client_id: client.clientId,
        partner_id: client.partnerId,
        method: 'tls_client_auth',
        authenticated: true,
        thumbprint: 'T',
        address: '192.0.2.1',
        audience: 'https://api.test',
        scope: 'a b',
        jti: 'j',
        expires_at: '2026-01-01T00:05:00.000Z',
      },
    ]);
    expect([counted, places()]).toEqual([['granted'], 0]);
  });

  it('A34: a stranger that is refused is counted, takes no place and is no event', () => {
    const { attempt, recorded, counted, strangers, places } = scene({ full: true });
    attempt.refused(refusal);
    attempt.abandon();
    expect([recorded, places()]).toEqual([[], 0]);
    expect(strangers).toEqual([
      expect.objectContaining({
        check: 'client_unknown',
        clientId: undefined,
        requestId: 'req_1',
        address: '192.0.2.1',
      }),
    ]);
    expect(counted).toEqual([{ error: 'invalid_client', check: 'client_unknown' }]);
  });

  it('A34: so is one that names a registered client without proving to be it', () => {
    const { attempt, recorded, strangers } = scene();
    attempt.claims(client);
    attempt.refused({ ...refusal, check: 'certificate_not_registered' });
    expect(recorded).toEqual([]);
    expect(strangers[0]).toMatchObject({ clientId: client.clientId, check: 'certificate_not_registered' });
  });

  it('refused after the client was proven', () => {
    const { attempt, recorded } = scene();
    attempt.claims(client);
    attempt.proven();
    attempt.refused({ ...refusal, check: 'scope_not_granted' });
    expect(recorded[0]).toMatchObject({
      authenticated: true,
      client_id: client.clientId,
      partner_id: client.partnerId,
    });
  });

  it('nothing is recorded of what was not decided, and its place is given back', () => {
    const { attempt, recorded, counted, places } = scene();
    attempt.proven();
    attempt.undecided({ error: 'temporarily_unavailable', check: 'database_unavailable' });
    attempt.abandon();
    expect([recorded, places()]).toEqual([[], 0]);
    expect(counted).toEqual([{ error: 'temporarily_unavailable', check: 'database_unavailable' }]);
  });
});

describe('a caller that is gone', () => {
  it('before it was proven takes no place any more', () => {
    const { attempt, places } = scene();
    attempt.abandon();
    expect(() => attempt.proven()).toThrow(expect.objectContaining({ check: 'caller_gone', status: 503 }));
    expect(places()).toBe(0);
  });

  it('afterwards gets no token', () => {
    const { attempt, recorded, places } = scene();
    attempt.proven();
    attempt.abandon();
    expect(() => attempt.granted(token)).toThrow(expect.objectContaining({ check: 'caller_gone', status: 503 }));
    expect([recorded, places()]).toEqual([[], 0]);
  });
});

describe('fails closed', () => {
  it('without a place nothing is granted', () => {
    const { attempt, recorded } = scene({ full: true });
    expect(() => attempt.proven()).toThrow(
      expect.objectContaining({ code: 'temporarily_unavailable', check: 'events_queue_full', status: 503 }),
    );
    expect(() => attempt.granted(token)).toThrow(TypeError);
    attempt.abandon();
    expect(recorded).toEqual([]);
  });
});
