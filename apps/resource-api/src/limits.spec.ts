import { LimitsPolicy } from '@partner-ecosystem/platform/limits';
import type { Issued } from '@partner-ecosystem/test-pki';
import { afterEach, describe, expect, it } from 'vitest';
import { AUDIENCE, startResourceApi, type TestResourceApi } from './resource-api.testing.js';

let api: TestResourceApi;
afterEach(() => api?.stop());

async function start(limits: Partial<LimitsPolicy>): Promise<void> {
  api = await startResourceApi({ limits: new LimitsPolicy(limits) });
}

async function caller(name: string): Promise<{ certificate: Issued; token: string }> {
  const certificate = await api.authority.issueClient({ subject: `CN=${name}` });
  const clientId = `cli_${name.repeat(32)}`;
  const token = await api.issuer.mint({ certificate, scopes: ['shipments:read'], audience: AUDIENCE, clientId });
  return { certificate, token };
}

const list = (as: { certificate: Issued; token?: string }) => api.call('/v1/shipments', as);
const SLOW = { perSecond: 1, burst: 2 };

describe('A34: limits of this API', () => {
  it('a client that asks too often is 429 with Retry-After, and nobody else is', async () => {
    await start({ perClient: { perSecond: 0.01, burst: 2 } });
    const [busy, other] = [await caller('a'), await caller('b')];
    expect([(await list(busy)).status, (await list(busy)).status]).toEqual([200, 200]);
    const refused = await list(busy);
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await list(other)).status).toBe(200);
    expect(await api.metrics()).toMatch(/^requests_over_limit_total\{limit="client_rate",\S* 1$/m);
  });

  it('strangers use up the rate of their address, and a client that proved itself before is still served', async () => {
    await start({ perAddress: { ...SLOW, perSecond: 0.01 } });
    const known = await caller('a');
    const { certificate } = known;
    expect((await list(known)).status).toBe(200);
    const stranger = await api.authority.issueClient({ subject: 'CN=stranger' });
    expect((await list({ certificate: stranger })).status).toBe(401);
    const refused = await list({ certificate: stranger });
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    expect((await list(known)).status).toBe(200);
    // without a good token it is a stranger again
    expect((await list({ certificate })).status).toBe(401);
    expect((await list(known)).status).toBe(429);
  });
});
