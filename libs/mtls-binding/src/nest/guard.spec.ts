import { Agent as HttpsAgent } from 'node:https';
import type { ServerResponse } from 'node:http';
import { Catch, type ArgumentsHost, type ExceptionFilter, type INestApplication } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { Issued } from '@partner-ecosystem/test-pki';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  BoundTokenGuard,
  confirmationOf,
  remoteKeys,
  RequireScope,
  RevocationState,
  type GuardEvent,
  type MtlsBindingOptions,
  type RefusalCheck,
} from '../index.js';
import { AUDIENCE, bearer, GuardStage } from './guard-stage.testing.js';
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

/** Keys that come only when so many wait for them, the last one first: verifications overlap and end in another order. */
function keptBack(keys: JWTVerifyGetKey, until: number): JWTVerifyGetKey {
  const waiting: (() => void)[] = [];
  return async (header, token) => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === until) for (const go of waiting.reverse()) setImmediate(go);
    });
    return keys(header, token);
  };
}

const get: GuardStage['get'] = (...question) => stage.get(...question);
const say: GuardStage['say'] = (...word) => stage.say(...word);
const tokenFor = (holder: Issued, audience: string, claims: JWTPayload = {}) =>
  stage.tokenFor(holder, { aud: audience, ...claims });
const options = (audience: string, extra: Partial<MtlsBindingOptions> = {}) => stage.options({ audience, ...extra });

describe.each(ADAPTERS)('on %s', (adapter) => {
  describe('BoundTokenGuard over real TLS', () => {
    const audience = AUDIENCE;
    const resourceMetadataUrl = 'https://api.test/.well-known/oauth-protected-resource';
    let port: number;
    beforeAll(async () => {
      port = await stage.start(options(audience, { resourceMetadataUrl }), adapter);
    });

    it('R5: lets the holder of the certificate in, and hands the route token and certificate', async () => {
      const answer = await get(port, '/closed', alice, bearer(await tokenFor(alice, audience)));
      expect(answer).toMatchObject({
        status: 200,
        body: { partner: 'ptn_1', client: 'cli_1', thumbprint: alice.thumbprint },
      });
    });

    it.each([
      ['another certificate', () => mallory],
      ['no certificate', () => undefined],
    ])('R5: refuses a stolen token with %s: 401 invalid_token', async (_, thief) => {
      const answer = await get(port, '/closed', thief(), bearer(await tokenFor(alice, audience)));
      expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
      expect(answer.challenge).toMatch(/^Bearer error="invalid_token"/);
    });

    it('R5: refuses a plain bearer token', async () => {
      const answer = await get(port, '/closed', alice, bearer(await tokenFor(alice, audience, { cnf: undefined })));
      expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    });

    it('R6: without credentials the challenge is bare and says where the metadata is', async () => {
      const answer = await get(port, '/closed', alice);
      expect(answer).toMatchObject({
        status: 401,
        body: { code: 'unauthorized' },
        challenge: `Bearer resource_metadata="${resourceMetadataUrl}"`,
      });
    });

    it('R1: a token in the query is no token', async () => {
      const answer = await get(port, `/closed?access_token=${await tokenFor(alice, audience)}`, alice);
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    });

    it('R1: two Authorization headers: 400', async () => {
      const token = await tokenFor(alice, audience);
      const answer = await get(port, '/closed', alice, { authorization: [`Bearer ${token}`, `Bearer ${token}`] });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    });

    it('R6, R7: a missing scope is 403 and named, the granted twin passes', async () => {
      const refused = await get(port, '/scoped', alice, bearer(await tokenFor(alice, audience)));
      expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
      expect(refused.challenge).toContain('scope="things:read things:list"');
      const granted = await get(
        port,
        '/scoped',
        alice,
        bearer(await tokenFor(alice, audience, { scope: 'things:list things:read' })),
      );
      expect(granted.status).toBe(200);
    });

    it('R7: only a public route is open', async () => {
      expect(await get(port, '/open')).toMatchObject({ status: 200, body: { open: true } });
    });

    it('A40: ClientCertificateGuard asks for a certificate and no token; without one the 401 has a challenge', async () => {
      expect(await get(port, '/certificate-only', alice)).toMatchObject({
        status: 200,
        body: { thumbprint: alice.thumbprint },
      });
      expect(await get(port, '/certificate-only')).toMatchObject({
        status: 401,
        body: { code: 'unauthorized' },
        challenge: 'TLS-Client-Certificate',
      });
    });

    it('R5: requests that overlap are judged apart: no thief gets in with an owner, no owner out with a thief', async () => {
      const headers = bearer(await tokenFor(alice, audience));
      const callers = Array.from({ length: 60 }, (_, at) => (at % 2 === 0 ? alice : mallory));
      const keys = keptBack(options(audience).keys, callers.length);
      const overlapping = await stage.start({ ...options(audience), keys }, adapter);
      const answers = await Promise.all(callers.map((caller) => get(overlapping, '/closed', caller, headers)));
      expect(answers.map(({ status }) => status)).toEqual(callers.map((caller) => (caller === alice ? 200 : 401)));
    });

    it('two guarded apps in one process judge by their own rules', async () => {
      const other = await stage.start(options('https://other.test'), adapter);
      const here = await tokenFor(alice, audience);
      const there = await tokenFor(alice, 'https://other.test');
      expect((await get(port, '/closed', alice, bearer(here))).status).toBe(200);
      expect((await get(other, '/closed', alice, bearer(there))).status).toBe(200);
      expect((await get(port, '/closed', alice, bearer(there))).status).toBe(401);
      expect((await get(other, '/closed', alice, bearer(here))).status).toBe(401);
    });

    it('a guarded app on Fastify and one on Express do not disturb each other', async () => {
      const other = await stage.start(options('https://other.test'), adapter === 'Fastify' ? 'Express' : 'Fastify');
      const here = bearer(await tokenFor(alice, audience));
      const there = bearer(await tokenFor(alice, 'https://other.test'));
      const asked = [port, other].flatMap((one) => [here, there].map((headers) => get(one, '/closed', alice, headers)));
      expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 401, 401, 200]);
    });

    it('R4, R9, T4: keys from a server whose certificate is not trusted are no keys: 503 with Retry-After', async () => {
      const untrusting = await stage.start(
        options(audience, { keys: remoteKeys({ jwksUri: stage.jwks.uri }) }),
        adapter,
      );
      const answer = await get(untrusting, '/closed', alice, bearer(await tokenFor(alice, audience)));
      expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' }, challenge: undefined });
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      const bad = await get(untrusting, '/closed', alice, bearer(await tokenFor(alice, 'https://other.test')));
      expect(bad.status).toBe(401);
    });
  });

  describe('refusals, whatever exception filter the API has', () => {
    @Catch()
    class Foreign implements ExceptionFilter {
      constructor(private readonly answer: (response: never) => void) {}
      catch(_: unknown, host: ArgumentsHost): void {
        this.answer(host.switchToHttp().getResponse<never>());
      }
    }
    interface FrameworkResponse {
      status(code: number): { send(body: object): void };
      raw?: ServerResponse;
    }
    const foreign: [string, (response: FrameworkResponse) => void][] = [
      ["with the framework's response", (response) => response.status(418).send({ oops: true })],
      [
        'past the framework',
        (response) => {
          const raw = response.raw ?? (response as unknown as ServerResponse);
          raw.writeHead(418, { 'content-type': 'application/json' }).end('{"oops":true}');
        },
      ],
    ];

    it.each(foreign)('R6, R9: a catch-all filter that answers %s does not lose the challenge', async (_, answer) => {
      const audience = AUDIENCE;
      const filtered = (app: INestApplication) => void app.useGlobalFilters(new Foreign(answer));
      const port = await stage.start(options(audience), adapter, filtered);
      const oops = { status: 418, body: { oops: true } };
      expect(await get(port, '/closed', alice)).toMatchObject({ ...oops, challenge: 'Bearer' });
      const stolen = await get(port, '/closed', mallory, bearer(await tokenFor(alice, audience)));
      expect(stolen).toMatchObject({
        ...oops,
        challenge: expect.stringMatching(/^Bearer error="invalid_token"/) as string,
      });
      const unscoped = await get(port, '/scoped', alice, bearer(await tokenFor(alice, audience)));
      expect(unscoped.challenge).toContain('scope="things:read things:list"');
      const stale = await stage.start(options(audience, { revocations: new RevocationState() }), adapter, filtered);
      const waiting = await get(stale, '/closed', alice, bearer(await tokenFor(alice, audience)));
      expect(waiting).toMatchObject({ ...oops, challenge: undefined });
      expect(Number(waiting.headers['retry-after'])).toBeGreaterThan(0);
    });
  });

  describe('what is reported', () => {
    it('is every decision, once, with what only the operator may know; a log that fails changes nothing', async () => {
      const events: GuardEvent[] = [];
      const report = (event: GuardEvent): void => {
        events.push(event);
        throw new Error('disk full');
      };
      const port = await stage.start(options(AUDIENCE, { report }), adapter);
      const headers = bearer(await tokenFor(alice, AUDIENCE));
      const calls = [
        await get(port, '/closed', alice, headers),
        await get(port, '/closed', alice, headers),
        await get(port, '/closed', mallory, headers),
        await get(port, '/scoped', alice, bearer(await tokenFor(alice, AUDIENCE, { jti: 'unseen' }))),
        await get(port, '/certificate-only'),
        await get(port, '/open'),
      ];
      expect(calls.map(({ status }) => status)).toEqual([200, 200, 401, 403, 401, 200]);
      const admitted = { kind: 'admitted', clientId: 'cli_1', partnerId: 'ptn_1', bound: true };
      const refused = (check: RefusalCheck) => ({
        kind: 'refused',
        error: expect.objectContaining({ check }) as Error,
      });
      expect(events).toEqual([
        { ...admitted, seenBefore: false },
        { ...admitted, seenBefore: true },
        refused('certificate_mismatch'),
        refused('scope_missing'),
        refused('certificate_missing'),
      ]);
    });
  });

  describe('the RFC 9728 document', () => {
    const audience = 'https://api.test/shipping';
    const place = '/.well-known/oauth-protected-resource/shipping';

    it('R6: is served where the audience says, a global prefix or not, and named in every challenge', async () => {
      const resourceMetadata = { scopes: ['things:read'], name: 'Things', documentation: 'https://api.test/docs' };
      const prefixed = (app: INestApplication) => void app.setGlobalPrefix('v1');
      const port = await stage.start(options(audience, { resourceMetadata }), adapter, prefixed);
      const answer = await get(port, place);
      expect(answer).toMatchObject({ status: 200, challenge: undefined });
      expect(answer.headers['content-type']).toMatch(/^application\/json/);
      expect(answer.body).toEqual({
        resource: audience,
        authorization_servers: ['https://issuer.test'],
        scopes_supported: ['things:read'],
        bearer_methods_supported: ['header'],
        tls_client_certificate_bound_access_tokens: true,
        resource_name: 'Things',
        resource_documentation: 'https://api.test/docs',
      });
      const { challenge } = await get(port, '/v1/closed', alice);
      expect(challenge).toBe(`Bearer resource_metadata="https://api.test${place}"`);
    });

    it('is not there unless asked for', async () => {
      const port = await stage.start(options(audience), adapter);
      expect((await get(port, place)).status).toBe(404);
      expect((await get(port, '/closed', alice)).challenge).toBe('Bearer');
    });
  });

  describe('BoundTokenGuard and the revocations', () => {
    const audience = AUDIENCE;
    const revokedClient = { kind: 'client', subject: { client_id: 'cli_revoked' } } as const;

    it('R2: refuses a revoked token: 401 invalid_token, and does not say why', async () => {
      const revocations = new RevocationState();
      await say(revocations, [revokedClient]);
      const port = await stage.start(options(audience, { revocations }), adapter);
      const answer = await get(
        port,
        '/closed',
        alice,
        bearer(await tokenFor(alice, audience, { client_id: 'cli_revoked' })),
      );
      expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
      expect(answer.challenge).toMatch(/^Bearer error="invalid_token"/);
      expect(JSON.stringify([answer.body, answer.challenge])).not.toMatch(/revoked|cli_/);
      expect((await get(port, '/closed', alice, bearer(await tokenFor(alice, audience)))).status).toBe(200);
    });

    it('R2, A29: refuses at once what a distrusted key signed, though its public part is still held', async () => {
      const revocations = new RevocationState();
      await say(revocations, []);
      const port = await stage.start(options(audience, { revocations }), adapter);
      const headers = bearer(await tokenFor(alice, audience));
      expect((await get(port, '/closed', alice, headers)).status).toBe(200);
      await say(revocations, [{ kind: 'key', subject: { kid: 'k1' } }]);
      expect((await get(port, '/closed', alice, headers)).status).toBe(401);
    });

    it('R2: a connection kept alive from before is refused on its next request', async () => {
      const revocations = new RevocationState();
      await say(revocations, []);
      const port = await stage.start(options(audience, { revocations }), adapter);
      const agent = new HttpsAgent({ keepAlive: true, maxSockets: 1 });
      const headers = bearer(await tokenFor(alice, audience, { client_id: 'cli_revoked' }));
      try {
        const before = await get(port, '/closed', alice, headers, agent);
        await say(revocations, [revokedClient]);
        const after = await get(port, '/closed', alice, headers, agent);
        expect([before.status, after.status, after.reused]).toEqual([200, 401, true]);
      } finally {
        agent.destroy();
      }
    });

    describe.each([
      ['the revocations are stale', { stale: true }],
      ['the keys cannot be had', { noKeys: true }],
      ['neither can be had', { stale: true, noKeys: true }],
    ])('R9: while %s', (_, { stale = false, noKeys = false }: { stale?: boolean; noKeys?: boolean }) => {
      let port: number;
      beforeAll(async () => {
        const revocations = new RevocationState();
        await say(revocations, [revokedClient], stale ? { ageSeconds: 31, maxAge: 30 } : {});
        const keys = remoteKeys({ jwksUri: stage.jwks.uri }); // does not trust the server's certificate
        port = await stage.start(options(audience, { revocations, ...(noKeys ? { keys } : {}) }), adapter);
      });

      it('what would otherwise pass is told to come again: 503 with Retry-After', async () => {
        const answer = await get(port, '/closed', alice, bearer(await tokenFor(alice, audience)));
        expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' }, challenge: undefined });
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      });

      it.each([
        [401, 'unauthorized', 'without credentials', '/closed', () => ({})],
        [400, 'invalid_request', 'malformed', '/closed', () => ({ authorization: 'Bearer a b' })],
        [401, 'invalid_token', 'of another API', '/closed', () => made({}, 'https://other.test')],
        [
          401,
          'invalid_token',
          'of another certificate',
          '/closed',
          () => made({ cnf: confirmationOf(mallory.thumbprint) }),
        ],
        [401, 'invalid_token', 'revoked', '/closed', () => made({ client_id: 'cli_revoked' })],
        [401, 'invalid_token', 'revoked and without scope', '/scoped', () => made({ client_id: 'cli_revoked' })],
        [403, 'insufficient_scope', 'without scope', '/scoped', () => made({})],
      ] as const)('%i %s comes first for one that is %s', async (status, code, _what, path, headers) => {
        expect(await get(port, path, alice, await headers())).toMatchObject({ status, body: { code } });
      });

      it('a public route stays open', async () => {
        expect((await get(port, '/open')).status).toBe(200);
      });
    });

    it('R9: before the first statement nobody passes; with it the guard works by itself, and again after a gap', async () => {
      const revocations = new RevocationState();
      const port = await stage.start(options(audience, { revocations }), adapter);
      const headers = bearer(await tokenFor(alice, audience));
      const status = async () => (await get(port, '/closed', alice, headers)).status;
      expect(await status()).toBe(503);
      await say(revocations, [], { ageSeconds: 31, maxAge: 30 });
      expect(await status()).toBe(503);
      await say(revocations, []);
      expect(await status()).toBe(200);
    });

    it('R9: is judged by the clock after the keys have come, however long that took', async () => {
      const revocations = new RevocationState();
      await say(revocations, [], { maxAge: 200 });
      const { keys } = options(audience);
      const slow: JWTVerifyGetKey = (header, token) => {
        vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 201_000 });
        return keys(header, token);
      };
      const port = await stage.start(options(audience, { revocations, keys: slow }), adapter);
      expect((await get(port, '/closed', alice, bearer(await tokenFor(alice, audience)))).status).toBe(503);
    });

    async function made(claims: JWTPayload, forAudience = audience): Promise<Record<string, string>> {
      return bearer(await tokenFor(alice, forAudience, claims));
    }
  });
});

describe('MtlsBindingModule', () => {
  it.each(['issuer', 'audience', 'keys', 'certificateSource', 'revocations'])(
    'does not start without %s, and says what to set',
    async (missing) => {
      const binding = { ...options('https://api.test'), [missing]: undefined } as unknown as MtlsBindingOptions;
      await expect(stage.start(binding, 'Fastify')).rejects.toThrow(new RegExp(`MtlsBindingModule needs ${missing}: `));
    },
  );

  it.each([
    ['mode', { mode: 'report-only' }],
    ['verifiedTokens', { verifiedTokens: { max: -1 } }],
    ['resourceMetadata', { audience: 'urn:things', resourceMetadata: {} }],
  ])('does not start with an unusable %s, and says what to set', async (wrong, extra) => {
    const binding = { ...options(AUDIENCE), ...extra } as unknown as MtlsBindingOptions;
    await expect(stage.start(binding, 'Express')).rejects.toThrow(new RegExp(`MtlsBindingModule needs ${wrong}: `));
  });

  it.each(['rpc', 'ws'])('R7: the guard lets nothing of type %s through', async (type) => {
    let guard: BoundTokenGuard | undefined;
    await stage.start(options(AUDIENCE), 'Fastify', (app) => (guard = app.get(BoundTokenGuard)));
    const context = new ExecutionContextHost([{}], class {}, () => undefined);
    context.setType(type);
    expect(() => guard!.canActivate(context)).toThrow('HTTP');
  });

  it('R4: remoteKeys refuses plain http', () => {
    expect(() => remoteKeys({ jwksUri: 'http://issuer.test/jwks' })).toThrow(TypeError);
  });

  it('RequireScope refuses to ask for nothing', () => {
    expect(() => (RequireScope as (...scopes: string[]) => unknown)()).toThrow(TypeError);
  });
});
