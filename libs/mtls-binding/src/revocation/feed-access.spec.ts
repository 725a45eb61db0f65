import { describe, expect, it } from 'vitest';
import { FeedAccess } from './feed-access.js';

const endpoint = 'https://issuer.test/token';

function accessTo(answer: unknown, status = 200) {
  const asked: RequestInit[] = [];
  const fetch = ((_: string, init: RequestInit) => {
    asked.push(init);
    const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
    return Promise.resolve(new Response(body, { status, headers: { 'content-type': 'application/json' } }));
  }) as typeof globalThis.fetch;
  const access = new FeedAccess({ issuer: 'https://issuer.test', clientId: 'cli_1', fetch });
  return { asked, access, token: () => access.token(endpoint, new AbortController().signal) };
}

describe('FeedAccess', () => {
  it('asks by client credentials for the scope of the feed at the issuer, and keeps what it gets', async () => {
    const { asked, token, access } = accessTo({ access_token: 't', token_type: 'bearer', expires_in: 300 });
    expect([await token(), await token()]).toEqual(['t', 't']);
    expect(asked).toHaveLength(1);
    expect(asked[0]!.method).toBe('POST');
    expect(Object.fromEntries(new URLSearchParams(asked[0]!.body as string))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'cli_1',
      resource: 'https://issuer.test',
      scope: 'revocations:read',
    });
    access.forget();
    await token();
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['no token', { token_type: 'Bearer', expires_in: 300 }],
    ['another type', { access_token: 't', token_type: 'DPoP', expires_in: 300 }],
    ['no lifetime', { access_token: 't', token_type: 'Bearer' }],
    ['a lifetime of nothing', { access_token: 't', token_type: 'Bearer', expires_in: 0 }],
    ['null', 'null'],
  ])('refuses an answer with %s', async (_, answer) => {
    await expect(accessTo(answer).token()).rejects.toMatchObject({ code: 'token_malformed' });
  });

  it('says what the issuer said when it refuses, and never quotes a token', async () => {
    await expect(accessTo({ error: 'invalid_target' }, 400).token()).rejects.toMatchObject({
      code: 'token_refused',
      status: 400,
      message: `${endpoint} answered 400 invalid_target`,
    });
    const broken = accessTo('{"access_token":"secret"').token();
    const error = (await broken.catch((reason: unknown) => reason)) as Error & { code: string };
    expect([error.code, error.cause]).toEqual(['token_malformed', undefined]);
    expect(String(error)).not.toContain('secret');
  });
});
