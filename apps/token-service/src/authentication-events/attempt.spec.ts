import { describe, expect, it } from 'vitest';
import { Attempt } from './attempt.js';
import type { AuthenticationEvent } from './authentication-event.js';

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
const refusal = { error: 'invalid_client', check: 'client_unknown', claimedClientId: 'cli_x', thumbprint: 'T' };

function scene({ full = false } = {}) {
  const recorded: AuthenticationEvent[] = [];
  const counted: unknown[] = [];
  let places = 0;
  const at = new Date('2026-01-01T00:00:00.123Z');
  const attempt = new Attempt(
    { requestId: 'req_1', endpoint: 'token', at, address: '192.0.2.1' },
    {
      reserve: () => !full && (places += 1) > 0,
      release: () => void (places -= 1),
      record: (event) => {
        places -= 1;
        recorded.push(event);
      },
      count: (answer) => counted.push(answer),
    },
  );
  return { attempt, recorded, counted, places: () => places };
}

describe('an attempt is recorded once', () => {
  it('granted, with what the token allows and the certificate it is bound to', () => {
    const { attempt, recorded, counted, places } = scene();
    attempt.keepPlace();
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

  it('refused, with the check and what the caller claimed', () => {
    const { attempt, recorded, counted } = scene();
    attempt.keepPlace();
    attempt.refused(refusal);
    attempt.refused(refusal);
    expect(recorded).toHaveLength(1);
    expect(recorded[0]).toMatchObject({
      outcome: 'refused',
      error: 'invalid_client',
      failed_check: 'client_unknown',
      client_id: 'cli_x',
      partner_id: null,
      authenticated: false,
      thumbprint: 'T',
      jti: null,
    });
    expect(counted).toContainEqual(expect.objectContaining({ error: 'invalid_client', check: 'client_unknown' }));
  });

  it('refused after the client was proven', () => {
    const { attempt, recorded } = scene();
    attempt.keepPlace();
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
    attempt.keepPlace();
    attempt.undecided({ error: 'temporarily_unavailable', check: 'database_unavailable' });
    attempt.abandon();
    expect([recorded, places()]).toEqual([[], 0]);
    expect(counted).toEqual([{ error: 'temporarily_unavailable', check: 'database_unavailable' }]);
  });
});

describe('fails closed', () => {
  it('without a place nothing is granted', () => {
    const { attempt, recorded } = scene({ full: true });
    expect(() => attempt.keepPlace()).toThrow(
      expect.objectContaining({ code: 'temporarily_unavailable', check: 'events_queue_full', status: 503 }),
    );
    expect(() => attempt.granted(token)).toThrow(TypeError);
    attempt.abandon();
    expect(recorded).toEqual([]);
  });

  it('a stranger’s text cannot hold up the batch: Postgres refuses NUL and lone surrogates', () => {
    const { attempt, recorded } = scene();
    attempt.keepPlace();
    attempt.refused({ ...refusal, claimedClientId: `a\u0000b\ud800c\né${'x'.repeat(100)}` });
    expect(recorded[0]!.client_id).toMatch(/^a\?b\?c\?\?x{57}$/);
  });
});
