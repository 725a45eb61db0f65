import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { management } from '../served.fixture.spec.js';
import { revoke, somebody, startFeedStage, type FeedStage, type Replica } from './feed-stage.fixture.spec.js';
import { RevocationFeedPolicy } from './revocation-feed-policy.js';
import { RevocationFeed } from './revocation-feed.js';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });
const policy = new RevocationFeedPolicy({ maxAgeMs: 8_000 });

let feed: FeedStage;
let replica: Replica;
let token: string;

beforeAll(async () => {
  feed = await startFeedStage();
  replica = await feed.replica({ revocationFeed: policy });
});
afterAll(() => feed?.stop());
beforeEach(async () => {
  token = await replica.token();
});

const admin = () => feed.schemas.admin;
const inProcess = () => replica.service.app.get(RevocationFeed, { strict: false });
const checks = async () => (await management(replica.service, '/readyz')).body['checks'];

it('A31: a replica that is cut off from Postgres dates nothing anew, signs nothing after five seconds, is not ready beyond the bound, and works again by itself', async () => {
  const { epoch, seq, iat } = await replica.read('', token);
  await replica.gate.close();
  const began = performance.now();
  const passed = () => performance.now() - began;
  let answer = await replica.get(`?epoch=${epoch}&since=${seq}`, token);
  while (answer.status === 200) {
    const statement = await replica.read(`?epoch=${epoch}&since=${seq}`, token);
    expect(statement.iat).toBeLessThan(iat + 1); // nobody becomes fresh by it
    if (passed() > policy.currentMs + 500) expect(() => inProcess().assertCurrent()).toThrow(/last read/);
    await sleep(50);
    answer = await replica.get(`?epoch=${epoch}&since=${seq}`, token);
  }
  expect(passed()).toBeGreaterThan(policy.signableMs - 1_000);
  expect(passed()).toBeLessThan(policy.signableMs + 1_000);
  expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' }, headers: { 'retry-after': '1' } });
  expect(answer.text).not.toMatch(/Postgres|last read/);
  expect(await checks()).toMatchObject({ revocation_feed: 'ok' });
  await sleep(policy.maxAgeMs - passed() + 200);
  expect(await checks()).toMatchObject({ revocation_feed: 'failed' });
  // R9: its own guard, too, is stale by now
  expect((await replica.get('', token)).status).toBe(503);

  const missed = await revoke(admin(), 'client', somebody());
  await replica.gate.open();
  await vi.waitFor(async () => expect((await replica.read('', token)).seq).toBe(missed), { timeout: 3_000 });
  await vi.waitFor(async () => expect(await checks()).toMatchObject({ revocation_feed: 'ok' }), { timeout: 3_000 });
});

it('a poll that fell silent is given up: not later than its patience', async () => {
  const { epoch, seq } = await replica.read('', token);
  expect(replica.gate.silence('token.revocation_counter')).toBe(1);
  const recorded = await revoke(admin(), 'client', somebody());
  const poll = replica.read(`?epoch=${epoch}&since=${seq}&wait=5`, token);
  expect((await poll).seq).toBe(recorded);
});

it('nothing is signed while the clock of this process differs from the one of Postgres, and then it is again', async () => {
  const { status } = await replica.get('', token);
  expect(status).toBe(200);
  const real = Date.now.bind(Date);
  const off = vi.spyOn(Date, 'now').mockImplementation(() => real() + 2_500);
  try {
    await vi.waitFor(async () => expect(await checks()).toMatchObject({ clock: 'failed' }), { timeout: 3_000 });
    expect((await replica.get('', token)).status).toBe(503);
    await expect(replica.token()).rejects.toThrow('temporarily_unavailable');
    expect(() => inProcess().assertCurrent()).toThrow(/clock of Postgres differs by 2\d\d\d ms/);
    const refused = replica.service.lines.find(({ check }) => check === 'clock_differs');
    expect(refused).toBeDefined();
  } finally {
    off.mockRestore();
  }
  await vi.waitFor(async () => expect(await checks()).toMatchObject({ clock: 'ok' }), { timeout: 3_000 });
  expect((await replica.get('', await replica.token())).status).toBe(200);
});
