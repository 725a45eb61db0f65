import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Controller, Get, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Issued } from '@partner-ecosystem/test-pki';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { MtlsBindingModule, remoteKeys, RequireScope, tlsSocket, type MtlsBindingOptions } from '../index.js';
import type { TestGrant } from '../testing/index.js';
import { followedIssuer, type FollowedIssuer } from './follower.testing.js';
import type { RevocationFollower } from './revocation-follower.js';

@Controller()
class Shipments {
  @Get('shipments') @RequireScope('shipments:read') list() {
    return { shipments: [] };
  }
}

@Module({})
class ShipmentsModule {
  static with(binding: MtlsBindingOptions): DynamicModule {
    return { module: ShipmentsModule, imports: [MtlsBindingModule.forRoot(binding)], controllers: [Shipments] };
  }
}

interface Answer {
  status: number;
  retryAfter: string | undefined;
  /** on a connection that was used before */
  reused: boolean;
}

const AUDIENCE = 'https://api.test';
const eventually = (expectation: () => void | Promise<void>) =>
  vi.waitFor(expectation, { timeout: 240_000, interval: 20 });

let stage: FollowedIssuer;
let [alice, mallory]: (Issued | undefined)[] = [];
let follower: RevocationFollower;
let app: NestFastifyApplication;
let agent: HttpsAgent;
let firstKeyId: string;
let ofFirstKey: string;

beforeAll(async () => {
  stage = await followedIssuer();
  alice = await stage.authority.issueClient({ subject: 'CN=alice' });
  mallory = await stage.authority.issueClient({ subject: 'CN=mallory' });
  firstKeyId = stage.issuer.keyId;
  ofFirstKey = await mint();
  await stage.issuer.rotateKey(); // both keys are published before the API fetches them
  follower = stage.follow();
  const { chainPem, privateKeyPem } = stage.server;
  const https = { cert: chainPem, key: privateKeyPem, requestCert: true, rejectUnauthorized: false, ca: [] };
  const { issuer, jwksUri } = stage.issuer;
  app = await NestFactory.create<NestFastifyApplication>(
    ShipmentsModule.with({
      issuer,
      audience: AUDIENCE,
      certificateSource: tlsSocket(),
      revocations: follower,
      keys: remoteKeys({ jwksUri, fetch: stage.fetchAs(null) }),
    }),
    new FastifyAdapter({ https }),
    { logger: false, abortOnError: false },
  );
  stage.issuer.feedFault('unavailable'); // the module follows from here on, and hears nothing yet
  await app.listen(0, '127.0.0.1');
  agent = new HttpsAgent({ keepAlive: true, maxSockets: 1, cert: alice.chainPem, key: alice.privateKeyPem });
});

afterEach(async () => {
  stage.issuer.feedFault('none');
  await stage.issuer.answerAgain();
  Object.assign(stage.issuer.settings, { maxAge: 30, tokenLifetime: 300 });
});

afterAll(async () => {
  agent.destroy();
  await app.close();
  await stage.stop();
});

const mint = (grant: Partial<TestGrant> = {}) =>
  stage.issuer.mint({ certificate: alice!, audience: AUDIENCE, scopes: ['shipments:read'], ...grant });

function call(token: string | undefined, certificate?: Issued): Promise<Answer> {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const identity = certificate
    ? { agent: false as const, cert: certificate.chainPem, key: certificate.privateKeyPem }
    : { agent };
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const options = { host: 'localhost', port, path: '/shipments', headers, ca: stage.issuer.ca, ...identity };
  return new Promise((resolve, reject) => {
    const request = httpsRequest(options, (response) => {
      const { statusCode, headers: received } = response.resume();
      const answer = { status: statusCode!, retryAfter: received['retry-after'], reused: request.reusedSocket };
      response.on('end', () => resolve(answer));
    });
    request.on('error', reject).end();
  });
}

async function untilFresh(): Promise<void> {
  await eventually(async () => expect(await call(await mint())).toMatchObject({ status: 200 }));
}

/** What is fresh now is stale within two seconds unless the feed says more. */
async function withShortAge(): Promise<void> {
  stage.issuer.settings.maxAge = 2;
  stage.issuer.beginEpoch(); // wakes the poll, which answers with the new age
  const { epoch } = stage.issuer.position;
  await eventually(() => expect(follower.status().epoch).toBe(epoch));
}

const everyRefusal = async () => ({
  passing: (await call(await mint())).status,
  withoutToken: (await call(undefined)).status,
  stolen: (await call(await mint(), mallory)).status,
  expired: (await call(await mint({ issuedAt: new Date(Date.now() - 600_000) }))).status,
  withoutScope: (await call(await mint({ scopes: [] }))).status,
});
const REFUSED = { withoutToken: 401, stolen: 401, expired: 401, withoutScope: 403 };

describe('a guarded API that follows the feed', () => {
  it('R9: before the first statement what would pass gets 503 with Retry-After, everything else its 401 or 403', async () => {
    expect(await everyRefusal()).toEqual({ passing: 503, ...REFUSED });
    expect(Number((await call(await mint())).retryAfter)).toBeGreaterThan(0);
  });

  it('follows from its start, and lets the right ones in once it has heard', async () => {
    await eventually(() => follower.ready());
    expect(await everyRefusal()).toEqual({ passing: 200, ...REFUSED });
  });

  it('R2: a connection kept alive from before the revocation is refused on its next request', async () => {
    const token = await mint({ partnerId: 'ptn_kept_alive' });
    expect(await call(token)).toMatchObject({ status: 200 });
    const seq = stage.issuer.revoke({ kind: 'partner', subject: { partner_id: 'ptn_kept_alive' } });
    await eventually(() => expect(follower.status().seq).toBeGreaterThanOrEqual(seq));
    expect(await call(token)).toMatchObject({ status: 401, reused: true });
    expect(await call(await mint())).toMatchObject({ status: 200, reused: true });
  });

  it('R2: what is off is refused whenever it was issued; reinstated, only what is newer passes', async () => {
    const subject = { client_id: 'cli_off' };
    const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1_000);
    const old = await mint({ clientId: 'cli_off', issuedAt: secondsAgo(60) });
    const off = stage.issuer.revoke({ kind: 'client', subject });
    await eventually(() => expect(follower.status().seq).toBeGreaterThanOrEqual(off));
    const cutoff = secondsAgo(30);
    const later = await mint({ clientId: 'cli_off', issuedAt: secondsAgo(0) });
    expect([(await call(old)).status, (await call(later)).status]).toEqual([401, 401]);
    const on = stage.issuer.revoke({ kind: 'client', subject, mode: 'cutoff', issuedBefore: cutoff });
    await eventually(() => expect(follower.status().seq).toBeGreaterThanOrEqual(on));
    expect([(await call(old)).status, (await call(later)).status]).toEqual([401, 200]);
  });

  it('R2, A29: tokens of a distrusted key are refused at once, those of the next key pass', async () => {
    expect(await call(ofFirstKey)).toMatchObject({ status: 200 });
    const seq = stage.issuer.revoke({ kind: 'key', subject: { kid: firstKeyId } });
    await eventually(() => expect(follower.status().seq).toBeGreaterThanOrEqual(seq));
    expect(await call(ofFirstKey)).toMatchObject({ status: 401 });
    expect(await call(await mint())).toMatchObject({ status: 200 });
  });
});

describe('a guarded API whose feed is lost', () => {
  it.each(['unavailable', 'not_modified', 'access_token_key', 'outdated'] as const)(
    'R9: %s beyond the maximum age: 503 for what would pass, 401 and 403 for the rest, and well again by itself',
    async (fault) => {
      await withShortAge();
      stage.issuer.feedFault(fault);
      await eventually(async () =>
        expect(await call(await mint())).toMatchObject({
          status: 503,
          retryAfter: expect.stringMatching(/^\d+$/) as string,
        }),
      );
      expect(await everyRefusal()).toEqual({ passing: 503, ...REFUSED });
      stage.issuer.settings.maxAge = 30;
      stage.issuer.feedFault('none');
      await untilFresh();
    },
  );

  it('R9: an issuer that is gone: the same, and a revocation from meanwhile is in force when it is back', async () => {
    await withShortAge();
    const token = await mint({ partnerId: 'ptn_meanwhile' });
    await stage.issuer.stopAnswering();
    await eventually(async () => expect(await call(token)).toMatchObject({ status: 503 }));
    stage.issuer.revoke({ kind: 'partner', subject: { partner_id: 'ptn_meanwhile' } });
    stage.issuer.settings.maxAge = 30;
    await stage.issuer.answerAgain();
    await untilFresh();
    expect(await call(token)).toMatchObject({ status: 401 });
  });
});

describe('a guarded API that was closed', () => {
  it('follows no longer', async () => {
    await app.close();
    await expect(follower.ready()).rejects.toMatchObject({ code: 'not_started' });
  });
});
