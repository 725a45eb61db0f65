import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Answer } from '../../stack/admin/https-client.js';
import { onceFelt } from '../../stack/admin/once-felt.js';
import type { OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import { requestToken } from '../../stack/admin/request-token.js';
import { startReplica, type Replica } from '../../stack/processes/replica.js';
import { DatabaseGate } from './database-gate.js';
import { clientCertificate, StackUnderTest } from './stack-under-test.js';

const stack = new StackUnderTest();
const { urls } = stack.running;
const shipments = `${urls.resource}/v1/shipments`;
/** What a guard may rely on without hearing anything new. */
const MAX_AGE_S = 30;
const SECOND = 1_000;

const list = ({ identity }: OnboardedPartner, token: string): Promise<Answer> =>
  stack.client.send({ url: shipments, identity, token });

async function act(path: string): Promise<Answer> {
  return stack.operator.call(path, { json: { reason: 'spec' }, headers: { 'if-match': '*' } }, 200);
}

async function freshToken(partner: OnboardedPartner): Promise<string> {
  const answer = await onceFelt(() => stack.token(partner.clientId, partner.identity), 200);
  expect(answer.status, answer.text).toBe(200);
  return String(answer.body['access_token']);
}

function expectRevoked(answer: Answer): void {
  expect(answer.status, answer.text).toBe(401);
  expect(answer.body).toMatchObject({ code: 'invalid_token' });
  expect(stack.refusedBy('resource-api', answer)).toBe('token_revoked');
}

describe('a token whose client was suspended', () => {
  let victim: OnboardedPartner;
  let agent: Agent;

  beforeAll(async () => {
    victim = await stack.onboard(await clientCertificate('CN=victim,O=Revocation'));
    const { chainPem: cert, privateKeyPem: key } = victim.identity;
    agent = new Agent({ keepAlive: true, maxSockets: 1, ca: stack.running.serverCa, cert, key });
  });

  afterAll(() => agent?.destroy());

  const overKeptConnection = async (token: string): Promise<{ status?: number | undefined; reused: boolean }> => {
    const sent = request(shipments, { agent, headers: { authorization: `Bearer ${token}` } });
    const answer = await new Promise<IncomingMessage>((resolve, reject) =>
      sent.once('response', resolve).once('error', reject).end(),
    );
    await answer.resume().toArray();
    return { status: answer.statusCode, reused: sent.reusedSocket };
  };

  it('R2: is refused, on a connection that was open before; reinstating keeps it out', async () => {
    const token = await freshToken(victim);
    expect(await overKeptConnection(token)).toEqual({ status: 200, reused: false });
    const { headers } = await act(`/v1/clients/${victim.clientKey}/suspend`);
    expect(Number(headers['revocation-seq'])).toBeGreaterThan(0);
    // How soon is what `npm run drill` measures.
    await vi.waitFor(async () => expect(await overKeptConnection(token)).toEqual({ status: 401, reused: true }), {
      timeout: 60 * SECOND,
    });
    await act(`/v1/clients/${victim.clientKey}/reinstate`);
    expect(await list(victim, await freshToken(victim))).toMatchObject({ status: 200 });
    expectRevoked(await list(victim, token));
  });
});

describe('a replica of the token service that has heard nothing of a suspension', () => {
  const directory = mkdtempSync(join(tmpdir(), 'partner-ecosystem-deaf-'));
  const settings = stack.running.settings['token-service'];
  const gate = new DatabaseGate(settings['DATABASE_URL']!);
  let victim: OnboardedPartner;
  let replica: Replica;

  beforeAll(async () => {
    victim = await stack.onboard(await clientCertificate('CN=deaf,O=Revocation'));
    const deafSettings = { ...settings, DATABASE_URL: await gate.open() };
    const signal = AbortSignal.timeout(300 * SECOND);
    replica = await startReplica({ app: 'token-service', settings: deafSettings, directory, signal });
  });

  afterAll(async () => {
    replica?.process.kill();
    await replica?.process.exited;
    await gate.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const askReplica = (): Promise<Answer> =>
    requestToken(stack.client, {
      tokenEndpoint: `${replica.url}/token`,
      clientId: victim.clientId,
      identity: victim.identity,
    });

  it('R2: mints tokens from its old memory, and every guard refuses them; reinstating does not let them in', async () => {
    const before = await askReplica();
    expect(before.status, before.text).toBe(200);
    expect((await list(victim, String(before.body['access_token']))).status).toBe(200);
    gate.fallSilent();
    await act(`/v1/clients/${victim.clientKey}/suspend`);
    const minted = await askReplica();
    expect(minted.status, minted.text).toBe(200);
    const token = String(minted.body['access_token']);
    expectRevoked(await onceFelt(() => list(victim, token), 401));
    await act(`/v1/clients/${victim.clientKey}/reinstate`);
    expect((await list(victim, await freshToken(victim))).status).toBe(200);
    expectRevoked(await list(victim, token));
    expectRevoked(await list(victim, String(before.body['access_token'])));
  });
});

describe('an API that hears nothing of revocations any more', () => {
  let partner: OnboardedPartner;
  const tokenService = stack.running.pids['token-service'];

  beforeAll(async () => {
    partner = await stack.onboard(await clientCertificate('CN=partner,O=Silence'));
  });

  afterAll(() => process.kill(tokenService, 'SIGCONT'));

  it(
    'R9: serves for half a minute, then refuses with 503 whom it might serve, and works again by itself',
    { timeout: 400 * SECOND },
    async () => {
      const token = await freshToken(partner);
      process.kill(tokenService, 'SIGSTOP');
      let age = await feedAge();
      let answer = await list(partner, token);
      // By the API's own clock: 200 only as long as what it knows is young enough, and 503 only when it is not.
      while (answer.status === 200) {
        expect(age).toBeLessThanOrEqual(MAX_AGE_S);
        await sleep(250); // so as not to ask too often: this lasts for half a real minute
        age = await feedAge();
        answer = await list(partner, token);
      }
      expect(answer.status).toBe(503);
      expect(await feedAge()).toBeGreaterThan(MAX_AGE_S);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(answer.headers).not.toHaveProperty('www-authenticate');
      expect(stack.refusedBy('resource-api', answer)).toBe('revocations_stale');
      expect((await list(partner, `${token.slice(0, -8)}AAAAAAAA`)).status).toBe(401);
      expect((await stack.client.send({ url: shipments, token })).status).toBe(401);
      expect((await fetch(`${urls.management['resource-api']}/readyz`)).status).toBe(503);
      process.kill(tokenService, 'SIGCONT');
      const back = await onceFelt(() => list(partner, token), 200);
      expect(back.status).toBe(200);
    },
  );
});

/** Seconds since the API heard of the revocations, as it measures them. */
async function feedAge(): Promise<number> {
  const text = await (await fetch(`${urls.management['resource-api']}/metrics`)).text();
  return Number(/^revocation_feed_age_seconds(?:\{[^}]*\})? (.+)$/m.exec(text)![1]);
}
