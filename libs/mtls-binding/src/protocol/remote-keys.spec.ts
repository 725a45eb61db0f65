import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startJwksServer, type JwksServer } from './jwks-server.testing.js';
import { remoteKeys, type RemoteKeys } from './remote-keys.js';

const token = { payload: '', signature: '' };

let authority: Authority;
let identity: Issued;
let jwk: JWK;
let server: JwksServer;
let keys: RemoteKeys;

beforeAll(async () => {
  authority = await createAuthority({ name: 'Test CA' });
  identity = await authority.issueServer({ names: ['localhost'] });
  jwk = { ...(await exportJWK((await generateKeyPair('ES256')).publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
});

beforeEach(async () => {
  server = await startJwksServer(identity, [jwk]);
  const dispatcher = new Agent({ connect: { ca: authority.certificatePem } });
  const trusting = ((url: string, init: object) => undiciFetch(url, { ...init, dispatcher })) as never;
  keys = remoteKeys({ jwksUri: server.uri, fetch: trusting });
});

afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

const keyOf = (kid: string) =>
  Promise.resolve(keys({ alg: 'ES256', kid }, token)).then(
    () => 'a key',
    (error: Error & { code?: string }) => error.code ?? error.message,
  );

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

describe('R4: the keys of an issuer', () => {
  it('are fetched once for many tokens, and for tokens that come at once', async () => {
    const asked = await Promise.all(Array.from({ length: 50 }, () => keyOf('k1')));
    expect(new Set([...asked, await keyOf('k1')])).toEqual(new Set(['a key']));
    expect(server.asked).toBe(1);
  });

  it('are not fetched again for random kids, one after the other or at once', async () => {
    expect(await keyOf('k1')).toBe('a key');
    for (let at = 0; at < 100; at += 1) expect(await keyOf(`random-${at}`)).toBe('ERR_JWKS_NO_MATCHING_KEY');
    await Promise.all(Array.from({ length: 100 }, (_, at) => keyOf(`at-once-${at}`)));
    expect(server.asked).toBe(1);
  });

  it('are fetched again for an unknown kid every ten seconds at most: a new key is found', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await keyOf('k1');
    for (const [ms, asked] of [
      [9_900, 1],
      [200, 2],
      [9_900, 2],
      [200, 3],
    ] as const) {
      pass(ms);
      await Promise.all([keyOf('new'), keyOf('newer')]);
      expect([ms, server.asked]).toEqual([ms, asked]);
    }
  });

  it('are asked for once in a second while they cannot be had, however many tokens come', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    server.status = 500;
    for (let at = 0; at < 50; at += 1) expect(await keyOf(`random-${at}`)).toMatch(/500/);
    expect(server.asked).toBe(1);
    vi.advanceTimersByTime(1_001);
    expect(await keyOf('k1')).toMatch(/500/);
    expect(server.asked).toBe(2);
    server.status = 200;
    vi.advanceTimersByTime(1_001);
    expect([await keyOf('k1'), await keyOf('k1'), server.asked]).toEqual(['a key', 'a key', 3]);
  });

  it('are ready once they were fetched, and not before', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    server.status = 503;
    await expect(keys.ready()).rejects.toThrow('503');
    server.status = 200;
    vi.advanceTimersByTime(1_001);
    await keys.ready();
    await keys.ready();
    expect(server.asked).toBe(2);
  });
});
