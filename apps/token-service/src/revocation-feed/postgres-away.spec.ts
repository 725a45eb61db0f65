import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { management, patientFeed } from '../served.fixture.spec.js';
import { revoke, somebody, startFeedStage, type FeedStage, type Replica } from './feed-stage.fixture.spec.js';
import { RevocationFeed } from './revocation-feed.js';

const policy = patientFeed({ currentMs: 40_000, signableMs: 80_000, maxAgeMs: 120_000 });
const SOON = { timeout: 240_000 };

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
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const admin = () => feed.schemas.admin;
const inProcess = ({ service }: Replica = replica) => service.app.get(RevocationFeed, { strict: false });
const checks = async () => (await management(replica.service, '/readyz')).body['checks'];

it('A31: a replica that is cut off from Postgres dates nothing anew, then signs nothing, is not ready beyond the bound, and works again by itself', async () => {
  const { epoch, seq } = await replica.read('', token);
  await replica.gate.close();
  const query = `?epoch=${epoch}&since=${seq}`;
  const lastRead = inProcess().signable.asked.wall;
  // An age is the larger of what two clocks say, so it is enough to set this one.
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(lastRead + policy.currentMs);
  expect(() => inProcess().assertCurrent()).not.toThrow();
  vi.setSystemTime(lastRead + policy.currentMs + 1);
  expect(() => inProcess().assertCurrent()).toThrow(/last read/);
  expect((await replica.read(query, token)).iat).toBe(lastRead / 1_000); // nobody becomes fresh by it

  vi.setSystemTime(lastRead + policy.signableMs + 1);
  const answer = await replica.get(query, token);
  expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' }, headers: { 'retry-after': '1' } });
  expect(answer.text).not.toMatch(/Postgres|last read/);
  expect(await checks()).toMatchObject({ revocation_feed: 'ok' });

  vi.setSystemTime(lastRead + policy.maxAgeMs + 1);
  expect(await checks()).toMatchObject({ revocation_feed: 'failed' });
  // R9: its own guard, too, is stale by now
  expect((await replica.get('', token)).status).toBe(503);

  vi.useRealTimers();
  const missed = await revoke(admin(), 'client', somebody());
  await replica.gate.open();
  await vi.waitFor(async () => expect((await replica.read('', token)).seq).toBe(missed), SOON);
  await vi.waitFor(async () => expect(await checks()).toMatchObject({ revocation_feed: 'ok' }), SOON);
});

it('a poll that fell silent is given up when its patience ends', async () => {
  const impatient = await feed.replica({ revocationFeed: patientFeed({ patienceMs: 2_000 }) });
  expect(impatient.gate.silence('token.revocation_counter')).toBe(1);
  const recorded = await revoke(admin(), 'client', somebody());
  await vi.waitFor(async () => expect((await impatient.read()).seq).toBe(recorded), SOON);
});

it('nothing is signed while the clock of this process differs from the one of Postgres, and then it is again', async () => {
  const { status } = await replica.get('', token);
  expect(status).toBe(200);
  const real = Date.now.bind(Date);
  const off = vi.spyOn(Date, 'now').mockImplementation(() => real() + 20_000);
  try {
    await vi.waitFor(async () => expect(await checks()).toMatchObject({ clock: 'failed' }), SOON);
    expect((await replica.get('', token)).status).toBe(503);
    await expect(replica.token()).rejects.toThrow('temporarily_unavailable');
    expect(() => inProcess().assertCurrent()).toThrow(/clock of Postgres differs by \d+ ms/);
    const refused = replica.service.lines.find(({ check }) => check === 'clock_differs');
    expect(refused).toBeDefined();
  } finally {
    off.mockRestore();
  }
  await vi.waitFor(async () => expect(await checks()).toMatchObject({ clock: 'ok' }), SOON);
  expect((await replica.get('', await replica.token())).status).toBe(200);
});
