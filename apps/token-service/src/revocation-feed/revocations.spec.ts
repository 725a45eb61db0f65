import { decodeJwt, decodeProtectedHeader } from 'jose';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { call, management, patientFeed } from '../served.fixture.spec.js';
import { revoke, somebody, startFeedStage, type FeedStage, type Replica } from './feed-stage.fixture.spec.js';
import type { FeedQuery } from './feed-query.js';
import { FollowFeed, type Follower } from './follow-feed.js';

let feed: FeedStage;
let one: Replica;
let two: Replica;

beforeAll(async () => {
  feed = await startFeedStage();
  [one, two] = await Promise.all([feed.replica(), feed.replica()]);
});
afterAll(() => feed?.stop());
afterEach(() => vi.restoreAllMocks());

const admin = () => feed.schemas.admin;
const following = ({ service }: Replica) => service.app.get(FollowFeed, { strict: false });
/** So many polls of the replica wait. */
const untilWaiting = (replica: Replica, count: number) =>
  vi.waitFor(() => expect(following(replica).polls.count).toBe(count), { timeout: 240_000, interval: 10 });
const after = ({ epoch, seq }: { epoch: string; seq: number }, wait = 0) => `?epoch=${epoch}&since=${seq}&wait=${wait}`;

describe('a statement', () => {
  it('first is the whole feed, signed with a key of its own, of the type that nothing else has', async () => {
    const subject = somebody();
    const seq = await revoke(admin(), 'client', subject);
    await vi.waitFor(async () => expect((await one.read()).seq).toBe(seq), { timeout: 240_000 });
    const statement = await one.read();
    expect(statement).toMatchObject({ iss: 'https://issuer.test', since: 0, max_age: 30 });
    expect(statement.entries.find((entry) => entry.seq === seq)).toMatchObject({
      kind: 'client',
      subject,
      mode: 'off',
    });
    const answer = await one.get();
    expect(decodeProtectedHeader(answer.text)).toMatchObject({ typ: 'revocation-feed+jwt', alg: 'ES256' });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/revocation-feed+jwt',
      'cache-control': 'no-store',
    });
  });

  it('then has what is newer, and only that', async () => {
    const held = await one.read();
    const subject = somebody();
    await revoke(admin(), 'client', subject);
    const news = await one.read(after(held, 5));
    expect(news).toMatchObject({ since: held.seq, seq: held.seq + 1, entries: [{ subject, seq: held.seq + 1 }] });
  });

  it('A31: "nothing new" is signed anew, after a look that came after the question; a conditional request changes nothing', async () => {
    const held = await one.read();
    const asked = Date.now() / 1_000;
    await vi.waitFor(
      async () => {
        const nothing = await one.read(after(held, 1));
        expect(nothing).toMatchObject({ since: held.seq, seq: held.seq, entries: [] });
        expect(nothing.iat).toBeGreaterThan(asked);
      },
      { timeout: 240_000 },
    );
    expect((await one.get()).headers).not.toHaveProperty('etag');
    const token = await one.token();
    const conditional = await call({
      port: one.service.addresses['mtls']!.port,
      ca: feed.stage.authority.certificatePem,
      as: feed.api.certificate,
      method: 'GET',
      path: '/revocations',
      headers: { authorization: `Bearer ${token}`, 'if-none-match': '*' },
    });
    expect(conditional.status).toBe(200);
  });

  it.each([
    ['of another epoch', ({ seq }: { seq: number }) => `?epoch=another&since=${seq}&wait=5`],
    ['beyond the head', ({ epoch, seq }: { epoch: string; seq: number }) => after({ epoch, seq: seq + 1 }, 5)],
  ])('for a position %s is the whole feed, and not waited for', async (_, query) => {
    const held = await one.read();
    waitForEver(one);
    expect(await one.read(query(held))).toMatchObject({ since: 0, epoch: held.epoch, seq: held.seq });
  });

  it('is signed once for everybody who asks the same of one reading', async () => {
    const query = after(await one.read(), 1);
    const answers = await Promise.all(Array.from({ length: 20 }, () => one.get(query)));
    const readings = new Set(answers.map(({ text }) => decodeJwt(text).iat));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(readings.size);
    expect(readings.size).toBeLessThan(answers.length);
  });
});

it('beyond the bound the feed is told coarser, and known in process as it is', async () => {
  for (let i = 0; i < 4; i += 1) await revoke(admin(), 'client', somebody());
  const replica = await feed.replica({ revocationFeed: patientFeed({ bound: 2 }) });
  const { entries, seq } = await replica.read();
  expect(entries).toMatchObject([{ kind: 'all', subject: {}, mode: 'cutoff', seq }]);
  // Every API asks for new tokens; this app's own guard need not.
  expect((await replica.get()).status).toBe(200);
  await replica.service.stop();
});

const NEVER_MS = 3_600_000;

/** Polls of this replica wait for as long as nothing happens, not for the few seconds that callers may ask for. */
function waitForEver(replica: Replica): void {
  const followFeed = following(replica);
  const next = followFeed.next.bind(followFeed);
  vi.spyOn(followFeed, 'next').mockImplementation((query: FeedQuery, follower: Follower) =>
    next(query.waitMs > 0 ? { ...query, waitMs: NEVER_MS } : query, follower),
  );
}

describe('a waiting poll', () => {
  const expectFelt = async (replica: Replica, options: { hint: boolean }): Promise<void> => {
    const poll = replica.read(after(await replica.read(), 5));
    await untilWaiting(replica, 1);
    const seq = await revoke(admin(), 'client', somebody(), 'off', options);
    expect((await poll).seq).toBe(seq);
  };

  it('feels a revocation by the hint alone', async () => {
    const replica = await feed.replica({ revocationFeed: patientFeed({ pollMs: NEVER_MS }) });
    await expectFelt(replica, { hint: true });
    await replica.service.stop();
  });

  it('feels it when nobody hears hints', async () => {
    await expectFelt(one, { hint: false });
  });

  it('ends after what it asked for', async () => {
    const began = performance.now();
    await one.read(after(await one.read(), 1));
    expect(performance.now() - began).toBeGreaterThan(950);
  });

  it('is answered at once when the replica stops', async () => {
    const replica = await feed.replica();
    const held = await replica.read();
    waitForEver(replica);
    const poll = replica.get(after(held, 5));
    await untilWaiting(replica, 1);
    const stopped = replica.service.stop();
    expect((await poll).status).toBe(200);
    await stopped;
  });

  it('finds no place beyond the bound: 503 with Retry-After, and whoever asks without waiting is served', async () => {
    const replica = await feed.replica({ revocationFeed: patientFeed({ waitingPollsPerClient: 2 }) });
    const query = after(await replica.read(), 5);
    waitForEver(replica);
    const waiting = [1, 2].map(() => replica.get(query));
    await untilWaiting(replica, 2);
    const refused = await replica.get(query);
    expect(refused).toMatchObject({ body: { code: 'unavailable' }, headers: { 'retry-after': '1' } });
    expect((await replica.get()).status).toBe(200);
    await revoke(admin(), 'client', somebody());
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
    await replica.service.stop();
  });
});

const connected = async () => {
  const client = new pg.Client(feed.schemas.postgres.adminUrl);
  await client.connect();
  return client;
};

describe('two replicas', () => {
  it('say the same under the same numbers, dense and in the order of commits, whoever rolled back', async () => {
    const before = await one.read();
    const [first, other] = await Promise.all([connected(), connected()]);
    await first.query('BEGIN');
    await revoke(first, 'client', somebody());
    const many = (async () => {
      const numbers: number[] = [];
      for (let i = 0; i < 5; i += 1) numbers.push(await revoke(other, 'client', somebody()));
      return numbers;
    })();
    const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%record_revocation%'`;
    await vi.waitFor(async () => expect((await admin().query(waiting)).rowCount).toBe(1), { timeout: 240_000 });
    expect((await one.read()).seq).toBe(before.seq);
    await first.query('ROLLBACK');
    const numbers = await many;
    await Promise.all([first.end(), other.end()]);
    expect(numbers).toEqual([1, 2, 3, 4, 5].map((n) => before.seq + n));
    await vi.waitFor(
      async () => {
        const [a, b] = await Promise.all([one.read(after(before)), two.read(after(before))]);
        expect(a.entries.map(({ seq }) => seq).sort((x, y) => x - y)).toEqual(numbers);
        expect(b).toEqual({ ...a, iat: b.iat, exp: b.exp });
      },
      { timeout: 240_000 },
    );
  });

  it('whoever follows one can go on with the other', async () => {
    const held = await one.read();
    await vi.waitFor(async () => expect((await two.read()).seq).toBe(held.seq), { timeout: 240_000 });
    const poll = two.read(after(held, 5));
    const seq = await revoke(admin(), 'client', somebody());
    expect(await poll).toMatchObject({ epoch: held.epoch, since: held.seq, seq });
  });
});

describe('A20: keys', () => {
  it('of the feed are not in the key set of access tokens, nor the other way round', async () => {
    const [feedKeys, tokenKeys] = await Promise.all([one.keySet(), one.keySet('/jwks')]);
    const kids = ({ keys }: typeof feedKeys) => keys.map(({ kid }) => kid);
    expect(feedKeys.keys).toHaveLength(2); // the current one and its standby
    expect(kids(feedKeys).filter((kid) => kids(tokenKeys).includes(kid))).toEqual([]);
    expect(kids(feedKeys)).toContain(decodeProtectedHeader((await one.get()).text).kid);
    expect(kids(tokenKeys)).toContain(decodeProtectedHeader(await one.token()).kid);
    for (const key of feedKeys.keys)
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  it('A1: are found by a document of their own', async () => {
    const { port } = one.service.addresses['tls']!;
    const path = '/.well-known/revocation-feed';
    const { body } = await call({ port, ca: feed.stage.authority.certificatePem, method: 'GET', path });
    expect(body).toEqual({
      issuer: 'https://issuer.test',
      revocations_endpoint: 'https://mtls.issuer.test/revocations',
      revocations_jwks_uri: 'https://issuer.test/revocations/jwks',
    });
  });
});

it('what there is to measure', async () => {
  const { text } = await management(one.service, '/metrics');
  const value = (name: string) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
  expect(value('revocation_feed_seq')).toBeGreaterThan(0);
  expect(value('revocation_feed_entries')).toBeGreaterThan(0);
  expect(value('revocation_feed_age_seconds')).toBeLessThan(Infinity);
  expect(value('revocation_feed_waiting_polls')).toBe(0);
  const { body } = await management(one.service, '/readyz');
  expect(body['checks']).toMatchObject({ revocation_feed: 'ok', clock: 'ok' });
});
