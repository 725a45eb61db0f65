import { Logger } from '@nestjs/common';
import type { Issued } from '@partner-ecosystem/test-pki';
import type { JWTPayload } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  confirmationOf,
  reportOnly,
  RevocationState,
  type MtlsBindingOptions,
  type PlainTokenEvent,
  type ReportOnly,
  type VerifiedToken,
} from '../index.js';
import { bearer, GuardStage } from './guard-stage.testing.js';
import { ADAPTERS } from './guarded-app.testing.js';

let stage: GuardStage;
let alice: Issued;
let mallory: Issued;

beforeAll(async () => {
  stage = await GuardStage.create();
  ({ alice, mallory } = stage);
});

afterEach(() => vi.restoreAllMocks());

afterAll(() => stage.close());

const plainToken = (claims: JWTPayload = {}) => stage.tokenFor(alice, { cnf: undefined, ...claims });

describe.each(ADAPTERS)('on %s, mode', (adapter) => {
  const start = (extra: Partial<MtlsBindingOptions>) => stage.start(stage.options(extra), adapter);

  it.each([
    ['left out', {}],
    ['required', { mode: 'required' }],
  ] as const)('R5: %s refuses a plain token, the first time and the second', async (_, extra) => {
    const port = await start(extra);
    const headers = bearer(await plainToken());
    for (let times = 0; times < 2; times += 1) {
      const answer = await stage.get(port, '/token', alice, headers);
      expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    }
  });

  describe('report-only', () => {
    let mode: ReportOnly;
    let events: PlainTokenEvent[];
    let port: number;
    let revocations: RevocationState;

    beforeEach(async () => {
      events = [];
      mode = reportOnly({ report: (event) => void events.push(event) });
      revocations = new RevocationState();
      await stage.say(revocations, []);
      port = await start({ mode, revocations });
    });

    const ask = (token: string, as: Issued | undefined = alice, path = '/token') =>
      stage.get(port, path, as, bearer(token));

    it('R5: lets a plain token in, with or without a certificate, and counts it per client each time', async () => {
      const tokens = [await plainToken({ client_id: 'cli_a' }), await plainToken({ client_id: 'cli_b' })];
      expect(await ask(tokens[0]!)).toMatchObject({ status: 200, body: { client: 'cli_a', bound: false } });
      expect((await ask(tokens[0]!, undefined)).status).toBe(200);
      expect((await stage.get(port, '/token', undefined, bearer(tokens[0]!))).status).toBe(200);
      expect((await ask(tokens[1]!)).status).toBe(200);
      expect([...mode.counts]).toEqual([
        ['cli_a', 3],
        ['cli_b', 1],
      ]);
      expect(mode.total).toBe(4);
      expect(events.at(-1)).toEqual({ clientId: 'cli_b', partnerId: 'ptn_1', count: 1 });
    });

    it('R5: holds a bound token to its certificate as ever, and does not count it', async () => {
      const token = await stage.tokenFor(alice);
      expect(await ask(token)).toMatchObject({ status: 200, body: { bound: true } });
      for (const thief of [mallory, undefined]) {
        const answer = await stage.get(port, '/token', thief, bearer(token));
        expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
      }
      expect(mode.total).toBe(0);
    });

    it.each([
      ['null', null],
      ['empty', {}],
      ['a text', 'x5t#S256'],
      ['one we do not know', { jkt: 'x' }],
      ['two', { 'x5t#S256': 'thumbprint', jkt: 'x' }],
      ['no thumbprint', { 'x5t#S256': '' }],
    ])('R5: refuses a cnf that is %s: only one that is missing is let through', async (_, cnf) => {
      const known = cnf !== null && typeof cnf === 'object' && 'x5t#S256' in cnf && 'jkt' in cnf;
      const claim = known ? { ...confirmationOf(alice.thumbprint), jkt: 'x' } : cnf;
      const token = await plainToken({ cnf: claim as never });
      expect(await ask(token)).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
      expect(mode.total).toBe(0);
    });

    it('R2, R3, R7, R9: refuses a plain token with anything else wrong, and does not count it', async () => {
      const good = await plainToken();
      const signature = good.split('.')[2]!;
      const altered = good.replace(signature, `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`);
      expect((await ask(altered)).status).toBe(401);
      expect((await ask(await plainToken({ aud: 'https://other.test' }))).status).toBe(401);
      expect((await ask(await plainToken({ exp: Math.floor(Date.now() / 1000) - 1 }))).status).toBe(401);
      expect((await ask(await plainToken({ partner_id: undefined }))).status).toBe(401);
      expect((await ask(good, alice, '/scoped')).status).toBe(403);
      await stage.say(revocations, [{ kind: 'client', subject: { client_id: 'cli_revoked' } }]);
      expect((await ask(await plainToken({ client_id: 'cli_revoked' }))).status).toBe(401);
      const stale = await start({ mode, revocations: new RevocationState() });
      expect((await stage.get(stale, '/token', alice, bearer(good))).status).toBe(503);
      expect([mode.total, events]).toEqual([0, []]);
    });

    it('R2: refuses a plain token that it let in before, once it is revoked', async () => {
      const token = await plainToken();
      expect((await ask(token)).status).toBe(200);
      await stage.say(revocations, [{ kind: 'client', subject: { client_id: 'cli_1' } }]);
      expect((await ask(token)).status).toBe(401);
      expect(mode.total).toBe(1);
    });
  });
});

describe('report-only', () => {
  const tokenOf = (clientId: string) => ({ clientId, partnerId: 'ptn_1' }) as VerifiedToken;

  it('says loudly at every boot that it is on; without it nothing is said', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await stage.start(stage.options(), 'Fastify');
    expect(warn).not.toHaveBeenCalled();
    await stage.start(stage.options({ mode: reportOnly() }), 'Fastify');
    expect(warn.mock.calls.map(([text]) => String(text))).toEqual([expect.stringMatching(/REPORT-ONLY MODE IS ON/)]);
  });

  it('counts a thousand clients one by one, and further ones together', () => {
    const events: PlainTokenEvent[] = [];
    const mode = reportOnly({ report: (event) => void events.push(event) });
    for (let at = 0; at < 1_200; at += 1) mode.note(tokenOf(`cli_${at}`));
    mode.note(tokenOf('cli_7'));
    expect([mode.counts.size, mode.total, mode.counts.get('cli_7')]).toEqual([1_000, 1_201, 2]);
    expect(events[1_100]).toMatchObject({ clientId: 'cli_1100', count: 0 });
  });

  it('does not refuse a request because the log fails', () => {
    const mode = reportOnly({
      report: () => {
        throw new Error('disk full');
      },
    });
    expect(() => mode.note(tokenOf('cli_1'))).not.toThrow();
    expect(mode.total).toBe(1);
  });
});
