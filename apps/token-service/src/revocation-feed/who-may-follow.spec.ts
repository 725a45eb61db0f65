import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { call } from '../served.fixture.spec.js';
import { AUDIENCE, revoke, startFeedStage, type FeedStage, type Replica } from './feed-stage.fixture.spec.js';

let feed: FeedStage;
let one: Replica;
let two: Replica;

beforeAll(async () => {
  feed = await startFeedStage();
  [one, two] = await Promise.all([feed.replica(), feed.replica()]);
});
afterAll(() => feed?.stop());

describe('who may ask, and what', () => {
  it.each([
    '?since=1',
    '?epoch=e',
    '?epoch=e&since=-1',
    '?epoch=e&since=1.5',
    '?epoch=e&since=x',
    '?epoch=e&since=1&since=2',
    '?epoch=e%20e&since=1',
    '?wait=6',
    '?wait=-1',
    '?wait=1e0',
    '?wait=',
    '?Wait=1',
    '?limit=5',
  ])('%s is 400', async (query) => {
    expect(await one.get(query)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('R7: a token without the scope is 403, and one for another audience 401', async () => {
    const body = `grant_type=client_credentials&client_id=${feed.api.clientId}&resource=https://issuer.test&scope=something:else`;
    const { port } = one.service.addresses['mtls']!;
    const asked = await call({ port, ca: feed.stage.authority.certificatePem, as: feed.api.certificate, body });
    const refused = await one.get('', String(asked.body['access_token']));
    expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    expect(refused.headers['www-authenticate']).toContain('scope="revocations:read"');
    expect((await one.get('', await one.token(feed.api, AUDIENCE))).status).toBe(401);
  });

  it.each([
    ['tls', '/revocations'],
    ['mtls', '/revocations/jwks'],
  ])('on %s %s is not there', async (listener, path) => {
    const { port } = one.service.addresses[listener]!;
    const answer = await call({
      port,
      ca: feed.stage.authority.certificatePem,
      as: feed.api.certificate,
      method: 'GET',
      path,
    });
    expect(answer.status).toBe(404);
  });

  it('R2: the token service’s own guard hears of it in process: a revoked API is refused by both replicas', async () => {
    const replica = await feed.replica();
    const token = await replica.token();
    expect((await replica.get('', token)).status).toBe(200);
    await revoke(feed.schemas.admin, 'client', { client_id: feed.api.clientId }, 'cutoff');
    await vi.waitFor(async () => expect((await replica.get('', token)).status).toBe(401), { timeout: 240_000 });
    await vi.waitFor(async () => expect((await two.get('', token)).status).toBe(401), { timeout: 240_000 });
    // Asked for right after, it is dated past the cutoff.
    const renewed = await replica.token();
    expect((await replica.get('', renewed)).status).toBe(200);
    await replica.service.stop();
  });

  it('R2: when every token is revoked, those that follow go on, and hear of the next revocation without a new one', async () => {
    const replica = await feed.replica();
    const token = await replica.token();
    const seq = await revoke(feed.schemas.admin, 'all', {}, 'cutoff');
    const heard = async () => expect((await replica.read('', token)).seq).toBeGreaterThanOrEqual(seq);
    await vi.waitFor(heard, { timeout: 240_000 });
    await revoke(feed.schemas.admin, 'client', { client_id: feed.api.clientId }, 'cutoff');
    await vi.waitFor(async () => expect((await replica.get('', token)).status).toBe(401), { timeout: 240_000 });
    await replica.service.stop();
  });
});
