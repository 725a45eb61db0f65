import { Agent as HttpsAgent } from 'node:https';
import type { Issued } from '@partner-ecosystem/test-pki';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RevocationState, type MtlsBindingOptions } from '../index.js';
import { bearer, GuardStage } from './guard-stage.testing.js';
import { ADAPTERS } from './guarded-app.testing.js';

let stage: GuardStage;
let alice: Issued;
let mallory: Issued;

beforeAll(async () => {
  stage = await GuardStage.create();
  ({ alice, mallory } = stage);
});

afterEach(() => vi.useRealTimers());

afterAll(() => stage.close());

describe.each(ADAPTERS)('on %s, a token seen before', (adapter) => {
  let port: number;
  /** how often jose was asked to verify: it asks for a key each time */
  let verified: number;
  let revocations: RevocationState;

  beforeEach(async () => {
    revocations = new RevocationState();
    await stage.say(revocations, []);
    port = await start();
  });

  function start(extra: Partial<MtlsBindingOptions> = {}): Promise<number> {
    const { keys } = stage.options();
    verified = 0;
    const counted: JWTVerifyGetKey = (header, token) => {
      verified += 1;
      return keys(header, token);
    };
    return stage.start(stage.options({ keys: counted, revocations, ...extra }), adapter);
  }

  const ask = (token: string, as: Issued | undefined = alice, path = '/closed') =>
    stage.get(port, path, as, bearer(token));

  /** A token that is known by now. */
  async function seen(claims: JWTPayload = {}): Promise<string> {
    const token = await stage.tokenFor(alice, claims);
    expect((await ask(token, alice, '/token')).status).toBe(200);
    expect(verified).toBe(1);
    return token;
  }

  const REFUSED = {
    status: 401,
    body: { code: 'invalid_token' },
    challenge: expect.stringMatching(/^Bearer error="invalid_token"/) as string,
  };

  it('is let in again, with its claims and certificate, and jose is not asked again', async () => {
    const token = await seen();
    const agent = new HttpsAgent({ keepAlive: true, maxSockets: 1 });
    try {
      for (let times = 0; times < 5; times += 1) {
        const answer = await stage.get(port, '/closed', alice, bearer(token), agent);
        expect(answer.body).toEqual({ partner: 'ptn_1', client: 'cli_1', thumbprint: alice.thumbprint });
      }
    } finally {
      agent.destroy();
    }
    expect(verified).toBe(1);
  });

  it('is the user of the request, as passport leaves it', async () => {
    const token = await stage.tokenFor(alice);
    expect((await ask(token, alice, '/user')).body).toEqual({ client: 'cli_1' });
    expect((await ask(token, alice, '/user')).body).toEqual({ client: 'cli_1' });
    expect(verified).toBe(1);
  });

  it('R5: is refused to another certificate, and to none; the owner still gets in', async () => {
    const token = await seen();
    expect(await ask(token, mallory)).toMatchObject(REFUSED);
    expect(await stage.get(port, '/closed', undefined, bearer(token))).toMatchObject(REFUSED);
    expect((await ask(token)).status).toBe(200);
    expect(verified).toBe(1);
  });

  it('R2, R11: is refused once it has expired', async () => {
    const token = await seen();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 301_000 });
    expect(await ask(token)).toMatchObject(REFUSED);
  });

  it('R2, R11: is refused when the clock was set back before its beginning', async () => {
    const token = await seen();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 60_000 });
    expect(await ask(token)).toMatchObject(REFUSED);
  });

  it.each([
    ['partner', { partner_id: 'ptn_1' }],
    ['client', { client_id: 'cli_1' }],
    ['jti', { jti: 'j' }],
    ['grant', { client_id: 'cli_1', audience: 'https://api.test', scope: 'things:read' }],
    ['all', {}],
  ] as const)('R2: is refused on its next request once revoked by %s', async (kind, subject) => {
    const token = await seen();
    await stage.say(revocations, [{ kind, subject }]);
    expect(await ask(token)).toMatchObject(REFUSED);
    expect(verified).toBe(1);
  });

  it('R2: is refused on its next request once its certificate was revoked', async () => {
    const token = await seen();
    await stage.say(revocations, [{ kind: 'certificate', subject: { thumbprint: alice.thumbprint } }]);
    expect(await ask(token)).toMatchObject(REFUSED);
  });

  it('R2, A29: is refused once its key was distrusted', async () => {
    const token = await seen();
    await stage.say(revocations, [{ kind: 'key', subject: { kid: 'k1' } }]);
    expect(await ask(token)).toMatchObject(REFUSED);
    expect(verified).toBe(2); // and nothing vouches for it any more
  });

  it('R2, A29: is verified again when any key was distrusted, once', async () => {
    const token = await seen();
    const distrusted = [{ kind: 'key', subject: { kid: 'another' } }] as const;
    await stage.say(revocations, [...distrusted]);
    expect([(await ask(token)).status, (await ask(token)).status, verified]).toEqual([200, 200, 2]);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_000 });
    await stage.say(revocations, [...distrusted]); // a snapshot that repeats it
    expect([(await ask(token)).status, verified]).toEqual([200, 2]);
  });

  it('R7: is refused where its scopes are not enough, though it was let in elsewhere', async () => {
    const token = await seen({ scope: 'things:read' });
    const answer = await ask(token, alice, '/scoped');
    expect(answer).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    expect(answer.challenge).toContain('scope="things:read things:list"');
  });

  it('R9: is told to come again while the revocations are stale, what is refused anyway is not', async () => {
    await stage.say(revocations, [], { ageSeconds: -1, maxAge: 30 });
    const token = await seen();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 32_000 });
    const answer = await ask(token);
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' }, challenge: undefined });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(await ask(token, mallory)).toMatchObject(REFUSED);
    expect((await ask(token, alice, '/scoped')).status).toBe(403);
    expect(verified).toBe(1);
  });

  it.each([
    ['signature', 2],
    ['claims', 1],
    ['header', 0],
  ])('is another token with one character of its %s altered', async (_, part) => {
    const token = await seen();
    const parts = token.split('.');
    const text = parts[part]!;
    for (const at of [0, Math.floor(text.length / 2), text.length - 3]) {
      const altered = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
      expect(await ask(parts.with(part, altered).join('.'))).toMatchObject(REFUSED);
    }
    expect((await ask(token)).status).toBe(200);
  });

  it('that was refused is not remembered', async () => {
    const token = await stage.tokenFor(alice);
    expect(await ask(token, mallory)).toMatchObject(REFUSED);
    expect(await ask(token, mallory)).toMatchObject(REFUSED);
    expect((await ask(token, alice, '/scoped')).status).toBe(403);
    expect((await ask(token)).status).toBe(200);
    expect((await ask(token)).status).toBe(200);
    expect(verified).toBe(4);
  });

  it('is not remembered beyond the maximum', async () => {
    port = await start({ verifiedTokens: { max: 1 } });
    const tokens = [await stage.tokenFor(alice, { jti: '1' }), await stage.tokenFor(alice, { jti: '2' })];
    for (const token of [...tokens, ...tokens]) expect((await ask(token)).status).toBe(200);
    expect(verified).toBe(4);
  });

  it('is verified each time with a maximum of 0', async () => {
    port = await start({ verifiedTokens: { max: 0 } });
    const token = await stage.tokenFor(alice);
    expect([(await ask(token)).status, (await ask(token)).status, verified]).toEqual([200, 200, 2]);
  });
});
