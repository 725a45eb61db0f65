import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BoundToken } from '../protocol/bound-token.js';
import type { FeedFault, TestIssuerOptions } from '../testing/index.js';
import { followRevocations, type FollowRevocationsOptions } from './follow-revocations.js';
import { CLIENT_ID, followedIssuer, type FollowedIssuer } from './follower.testing.js';
import type { FollowerEvent } from './follower-event.js';
import type { RevocationFollower } from './revocation-follower.js';

// A wait for something that will happen, on a machine that may be busy with something else.
const soon = { timeout: 240_000, interval: 10 };
const eventually = (expectation: () => void) => vi.waitFor(expectation, soon);

let stage: FollowedIssuer;
afterEach(() => stage?.stop());

interface Following extends FollowedIssuer {
  follower: RevocationFollower;
  events: FollowerEvent[];
}

async function begin(options: Partial<TestIssuerOptions> = {}): Promise<Following> {
  const followed = await followedIssuer(options);
  const events: FollowerEvent[] = [];
  const follower = followed.follow((event) => events.push(event));
  follower.start();
  await follower.ready();
  return { ...followed, follower, events };
}

/** As `begin`; ends with the test. */
async function following(options: Partial<TestIssuerOptions> = {}): Promise<Following> {
  const begun = await begin(options);
  stage = begun;
  return begun;
}

const tokenOf = (partnerId: string) =>
  ({
    partnerId,
    clientId: 'cli_1',
    audience: 'https://api.test',
    scopes: [],
    jti: 'j',
    keyId: 'k',
    issuedAt: new Date(),
    confirmation: { 'x5t#S256': 't' },
  }) as unknown as BoundToken;

const isRefused = (follower: RevocationFollower, partnerId: string) => {
  try {
    follower.assertNotRevoked(tokenOf(partnerId), new Date());
    return false;
  } catch {
    return true;
  }
};
const isFresh = (follower: RevocationFollower) => {
  try {
    follower.assertFresh(new Date());
    return true;
  } catch {
    return false;
  }
};
const partner = (id: string) => ({ kind: 'partner', subject: { partner_id: id } }) as const;

/** From here on a statement is good for two seconds only; until here a busy machine could make nothing stale. */
async function withShortAge({ issuer, follower }: Following): Promise<void> {
  issuer.settings.maxAge = 2;
  const seq = issuer.revoke(partner('ptn_1'));
  await eventually(() => expect(follower.status().seq).toBe(seq));
}

const kindsOf = (events: FollowerEvent[]) => events.map(({ kind }) => kind);

/** What was told from then on, going stale apart. Before, a slow machine may go stale and be fresh again under a short age. */
const sinceFirst = (kind: FollowerEvent['kind'], events: FollowerEvent[]) =>
  kindsOf(events.slice(events.findIndex((event) => event.kind === kind))).filter((told) => told !== 'stale');

const feedRequests = ({ issuer }: FollowedIssuer) => issuer.requests.filter(({ path }) => path === '/revocations');
const tokenRequests = ({ issuer }: FollowedIssuer) => issuer.requests.filter(({ path }) => path === '/token');

/** Until a poll after the snapshot waits. */
const untilPolling = (followed: FollowedIssuer) =>
  eventually(() => expect(feedRequests(followed).at(-1)).toMatchObject({ query: { wait: '5' }, status: undefined }));

describe('followRevocations', () => {
  it('R2, R9: is not fresh before it was started, and fresh after the snapshot', async () => {
    stage = await followedIssuer();
    stage.issuer.revoke(partner('ptn_1'));
    const follower = stage.follow();
    expect(isFresh(follower)).toBe(false);
    await expect(follower.ready()).rejects.toMatchObject({ code: 'not_started' });
    follower.start();
    await follower.ready();
    expect(isFresh(follower)).toBe(true);
    expect(isRefused(follower, 'ptn_1')).toBe(true);
    expect(isRefused(follower, 'ptn_2')).toBe(false);
    expect(follower.status()).toMatchObject({ ...stage.issuer.position, entries: 1, lagMs: undefined });
  });

  it('R2: a revocation arrives by the long poll that waits, not with the next round', async () => {
    const { follower, issuer } = await following();
    const broughtByThePollThatWaited: boolean[] = [];
    for (let at = 1; at <= 10; at += 1) {
      await eventually(() => expect(issuer.requests.at(-1)).toMatchObject({ query: { wait: '5' }, status: undefined }));
      const polls = feedRequests(stage).length;
      const seq = issuer.revoke(partner(`ptn_${at}`));
      await eventually(() => expect(isRefused(follower, `ptn_${at}`)).toBe(true));
      await eventually(() => expect(feedRequests(stage).length).toBeGreaterThan(polls));
      broughtByThePollThatWaited.push(feedRequests(stage)[polls]!.query['since'] === String(seq));
    }
    // One of ten is enough: a poll may end of itself in the moment of the revocation.
    expect(broughtByThePollThatWaited).toContain(true);
    expect(follower.status().lagMs).toBeGreaterThanOrEqual(0);
  });

  it('asks with its own token, and holds one request at a time', async () => {
    const { follower, issuer } = await following();
    follower.start(); // once more: nothing happens
    await untilPolling(stage);
    const { epoch, seq } = issuer.position;
    issuer.revoke(partner('ptn_1')); // ends the poll: whoever held two would ask twice from here on
    await eventually(() => expect(follower.status().seq).toBe(seq + 1));
    await eventually(() => expect(feedRequests(stage).at(-1)!.query).toMatchObject({ since: String(seq + 1) }));
    const asked = feedRequests(stage).map(({ query }) => query);
    expect(asked[0]).toEqual({});
    for (const query of asked.slice(1)) {
      expect(query).toEqual({ epoch, since: expect.stringMatching(/^[01]$/) as string, wait: '5' });
    }
    expect(feedRequests(stage).filter(({ status }) => status === undefined)).toHaveLength(1);
    expect(tokenRequests(stage)).toHaveLength(1);
  });

  it('polls several times within a maximum age that is short', async () => {
    const { follower } = await following({ maxAge: 14 });
    await eventually(() => expect(feedRequests(stage).at(-1)!.query).toMatchObject({ wait: '4' }));
    expect(isFresh(follower)).toBe(true);
  });

  it('an issuer that answers at once although nothing is new is not asked without pause', async () => {
    await withShortAge(await following()); // so short that it is asked not to wait
    const unhurried = () => feedRequests(stage).filter(({ query }) => query['wait'] === '0');
    await eventually(() => expect(unhurried().length).toBeGreaterThan(7));
    const [first, ...rest] = unhurried().slice(1, 7);
    // At least: each round but the first begins 100 ms after the one before it, and a slow machine only adds to that.
    expect(rest.at(-1)!.at - first!.at).toBeGreaterThan((rest.length - 1) * 90);
  });
});

describe('a feed that must not be believed', () => {
  const FAULTS: [FeedFault, FollowerEvent['kind'], string][] = [
    ['wrong_key', 'refused', 'feed_signature'],
    ['access_token_key', 'refused', 'feed_signature'],
    ['outdated', 'refused', 'feed_replayed'],
    ['garbage', 'refused', 'feed_malformed'],
    ['not_modified', 'unreachable', 'status'],
    ['unavailable', 'unreachable', 'status'],
    ['unauthorized', 'unreachable', 'status'],
    ['redirected', 'unreachable', 'status'],
    ['media_type', 'unreachable', 'media_type'],
    ['cut', 'unreachable', 'no_answer'],
  ];

  it.concurrent.each(FAULTS)(
    'R9: %s keeps nobody fresh, is reported once, and is over when it is over',
    async (fault, kind, code) => {
      const stage = await begin();
      const { follower, issuer, events, stop } = stage;
      await withShortAge(stage);
      issuer.feedFault(fault);
      await eventually(() => expect(isFresh(follower)).toBe(false));
      await eventually(() => expect(kindsOf(events)).toEqual(expect.arrayContaining([kind, 'stale'])));
      expect(sinceFirst(kind, events)).toEqual([kind]);
      expect(events).toContainEqual({ kind, code, error: expect.objectContaining({ code }) as Error });
      await expect(follower.ready()).rejects.toMatchObject({ code });
      expect(isRefused(follower, 'ptn_1')).toBe(true);
      issuer.settings.maxAge = 30;
      issuer.feedFault('none');
      await eventually(() => expect(isFresh(follower)).toBe(true));
      await eventually(() => expect(events.at(-1)).toMatchObject({ kind: 'fresh' }));
      await follower.ready();
      await stop();
    },
  );

  it('R9: an answer without an end keeps nobody fresh either', async () => {
    const begun = await following();
    const { follower, issuer, events } = begun;
    await withShortAge(begun);
    issuer.feedFault('oversized');
    await eventually(() => expect(isFresh(follower)).toBe(false));
    // On a slow machine it is the time of an exchange that is over first.
    const code = expect.stringMatching(/^too_(long|late)$/) as string;
    await eventually(() => expect(events).toContainEqual(expect.objectContaining({ kind: 'unreachable', code })));
    expect(isRefused(follower, 'ptn_1')).toBe(true);
    issuer.settings.maxAge = 30;
    issuer.feedFault('none');
    await eventually(() => expect(isFresh(follower)).toBe(true));
  });

  it('R9: the same statement again and again is no error and renews nothing', async () => {
    const begun = await following();
    const { follower, issuer, events } = begun;
    await withShortAge(begun);
    issuer.feedFault('replayed');
    const asked = feedRequests(stage).length;
    await eventually(() => expect(isFresh(follower)).toBe(false));
    await eventually(() => expect(events.at(-1)!.kind).toBe('stale'));
    expect(new Set(kindsOf(events))).toEqual(new Set(['fresh', 'stale']));
    // no storm either: the pauses become longer, so that even a minute has no room for more
    expect(feedRequests(stage).length - asked).toBeLessThan(60);
    issuer.settings.maxAge = 30;
    issuer.feedFault('none');
    await eventually(() => expect(isFresh(follower)).toBe(true));
  });

  it('R9: a lower number in the same epoch is refused, and what is held stays in force', async () => {
    const begun = await following();
    const { follower, issuer, events } = begun;
    await withShortAge(begun);
    issuer.lowerSeq();
    await eventually(() => expect(isFresh(follower)).toBe(false));
    await eventually(() =>
      expect(events).toContainEqual(expect.objectContaining({ kind: 'refused', code: 'feed_seq_lower' })),
    );
    expect(isRefused(follower, 'ptn_1')).toBe(true);
    issuer.settings.maxAge = 30;
    issuer.beginEpoch(); // what an operator does about it
    await eventually(() => expect(isFresh(follower)).toBe(true));
    expect(follower.status()).toMatchObject({ ...issuer.position, entries: 0 });
  });

  it('R9: a hanging feed does not hold up the next attempt beyond its own time limit', async () => {
    const begun = await following();
    const { follower, issuer, events } = begun;
    await withShortAge(begun);
    issuer.feedFault('hanging');
    await eventually(() => expect(isFresh(follower)).toBe(false));
    issuer.settings.maxAge = 30;
    issuer.feedFault('none'); // the request that hangs is not answered any more
    await eventually(() => expect(events).toContainEqual(expect.objectContaining({ code: 'too_late' })));
    await eventually(() => expect(isFresh(follower)).toBe(true));
  });
});

describe('a history that changes', () => {
  it('R9: a new epoch is taken over as a snapshot and reported', async () => {
    const { follower, issuer, events } = await following();
    issuer.revoke(partner('ptn_1'));
    await eventually(() => expect(follower.status().seq).toBe(1));
    const epoch = issuer.beginEpoch();
    await eventually(() => expect(follower.status()).toMatchObject({ epoch, seq: 1, entries: 1 }));
    expect(events.at(-1)).toEqual({ kind: 'new_epoch', epoch, seq: 1 });
  });

  it('R2: what does not follow on what is held is no news: a snapshot is taken at once', async () => {
    const { follower, issuer, events } = await following();
    issuer.revoke(partner('ptn_1'));
    await eventually(() => expect(follower.status().seq).toBe(1));
    issuer.feedFault('gap');
    const snapshots = () => feedRequests(stage).filter(({ query }) => !('since' in query));
    await eventually(() => expect(snapshots().length).toBeGreaterThan(1));
    issuer.feedFault('none');
    const seq = issuer.revoke(partner('ptn_2'));
    await eventually(() => expect(follower.status()).toMatchObject({ seq, entries: 2 }));
    expect(kindsOf(events)).toEqual(['fresh']);
  });

  it('goes on after stop() and start(), with what was held', async () => {
    const { follower, issuer } = await following();
    await follower.stop();
    issuer.revoke(partner('ptn_1'));
    follower.start();
    await eventually(() => expect(isRefused(follower, 'ptn_1')).toBe(true));
    expect(feedRequests(stage).at(-1)!.query['epoch']).toBe(issuer.position.epoch);
  });
});

describe('an issuer that goes away', () => {
  it('R9: goes stale, says so once, and follows again by itself', async () => {
    const begun = await following();
    const { follower, issuer, events } = begun;
    await withShortAge(begun);
    await issuer.stopAnswering();
    await eventually(() => expect(isFresh(follower)).toBe(false));
    await eventually(() => expect(kindsOf(events)).toEqual(expect.arrayContaining(['unreachable', 'stale'])));
    await expect(follower.ready()).rejects.toMatchObject({ code: 'no_answer' });
    expect(sinceFirst('unreachable', events)).toEqual(['unreachable']);
    issuer.settings.maxAge = 30;
    await issuer.answerAgain();
    await eventually(() => expect(isFresh(follower)).toBe(true));
    await eventually(() => expect(events.at(-1)!.kind).toBe('fresh'));
  });

  it('is found although it was away at the start', async () => {
    stage = await followedIssuer();
    await stage.issuer.stopAnswering();
    const follower = stage.follow();
    follower.start();
    await expect(follower.ready()).rejects.toMatchObject({ code: 'no_answer' });
    await stage.issuer.answerAgain();
    await eventually(() => expect(isFresh(follower)).toBe(true));
  });

  it('R9: without the keys of the feed nothing is believed, and nothing is needed but the keys', async () => {
    stage = await followedIssuer();
    stage.issuer.feedFault('keys_unavailable');
    const follower = stage.follow();
    follower.start();
    await expect(follower.ready()).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect(isFresh(follower)).toBe(false);
    stage.issuer.feedFault('none');
    await eventually(() => expect(isFresh(follower)).toBe(true));
  });

  it('honours Retry-After', async () => {
    const { issuer } = await following();
    await untilPolling(stage);
    const polls = feedRequests(stage).length;
    const refusedAt = performance.now();
    issuer.feedFault('unavailable'); // Retry-After: 1
    await eventually(() => expect(feedRequests(stage).length).toBeGreaterThan(polls));
    expect(feedRequests(stage)[polls - 1]).toMatchObject({ status: 503 });
    expect(feedRequests(stage)[polls]!.at - refusedAt).toBeGreaterThan(990);
  });
});

describe('the token that opens the feed', () => {
  it('is renewed before it expires, without a gap', async () => {
    const { follower, issuer, events } = await following({ tokenLifetime: 8 });
    const revokeUntilRenewed = () => {
      issuer.revoke(partner('ptn_1')); // each ends a poll, and the next one needs a token
      expect(tokenRequests(stage).length).toBeGreaterThanOrEqual(3);
    };
    await vi.waitFor(revokeUntilRenewed, { timeout: 240_000, interval: 100 });
    expect(isFresh(follower)).toBe(true);
    expect(kindsOf(events)).toEqual(['fresh']);
  });

  it('is asked for anew when the feed refuses it', async () => {
    const { follower, issuer, events } = await following();
    await untilPolling(stage);
    issuer.forgetTokens();
    issuer.revoke(partner('ptn_1')); // ends the poll; the next one meets the 401
    await eventually(() => expect(tokenRequests(stage)).toHaveLength(2));
    issuer.revoke(partner('ptn_2'));
    await eventually(() => expect(isRefused(follower, 'ptn_2')).toBe(true));
    expect(feedRequests(stage).filter(({ status }) => status === 401)).toHaveLength(1);
    expect(kindsOf(events)).toEqual(['fresh']);
  });

  it('is asked for once per failure when the feed refuses every one', async () => {
    const { issuer } = await following();
    issuer.feedFault('unauthorized');
    await eventually(() => expect(feedRequests(stage).length).toBeGreaterThan(6));
    const refused = feedRequests(stage).filter(({ status }) => status === 401).length;
    expect(tokenRequests(stage).length).toBeLessThanOrEqual(refused / 2 + 2);
  });

  it('is not given to who presents no certificate: the reason is reported', async () => {
    stage = await followedIssuer();
    const { issuer } = stage.issuer;
    const follower = followRevocations({ issuer, clientId: CLIENT_ID, fetch: stage.fetchAs(null) });
    follower.start();
    await expect(follower.ready()).rejects.toMatchObject({
      code: 'token_refused',
      status: 401,
      message: expect.stringContaining('invalid_client') as string,
    });
    await follower.stop();
  });
});

describe('stop()', () => {
  /**
   * How often the event loop turns until it has stopped: a few times, whatever the machine, if it ends at once, and
   * thousands of times if it waits for a clock or for an answer.
   */
  async function turnsToStop(follower: RevocationFollower): Promise<number> {
    let [turns, stopped] = [0, false];
    void follower.stop().then(() => (stopped = true));
    for (; !stopped; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    return turns;
  }
  const FEW = 200;

  it('ends a poll that waits at once, and nothing is asked afterwards', async () => {
    const { follower, issuer } = await following();
    await untilPolling(stage);
    expect(await turnsToStop(follower)).toBeLessThan(FEW);
    expect(feedRequests(stage).at(-1)!.status).toBeUndefined();
    const asked = issuer.requests.length;
    issuer.revoke(partner('ptn_1')); // what a poll would be answered with
    await stage.fetchAs()(issuer.jwksUri); // whatever was asked before came before
    expect(issuer.requests.slice(asked).map(({ path }) => path)).toEqual(['/jwks']);
    await expect(follower.ready()).rejects.toMatchObject({ code: 'not_started' });
  });

  it('ends a pause between attempts', async () => {
    const busy = () => Promise.resolve(new Response(null, { status: 503, headers: { 'retry-after': '5' } }));
    const events: FollowerEvent[] = [];
    const options = { issuer: 'https://issuer.test', clientId: CLIENT_ID, fetch: busy };
    const follower = followRevocations({ ...options, report: (event) => void events.push(event) });
    follower.start();
    await eventually(() => expect(kindsOf(events)).toEqual(['unreachable'])); // and pauses for five seconds
    expect(await turnsToStop(follower)).toBeLessThan(FEW);
  });

  it('ends an attempt whose fetch heeds no signal', async () => {
    let asked = 0;
    const deaf = () => ((asked += 1), new Promise<never>(() => undefined));
    const follower = followRevocations({ issuer: 'https://issuer.test', clientId: CLIENT_ID, fetch: deaf });
    follower.start();
    await eventually(() => expect(asked).toBeGreaterThan(0));
    expect(await turnsToStop(follower)).toBeLessThan(FEW);
  });

  it('before start() and twice does nothing', async () => {
    stage = await followedIssuer();
    const follower = stage.follow();
    await follower.stop();
    follower.start();
    await Promise.all([follower.stop(), follower.stop()]);
    expect(isFresh(follower)).toBe(false);
  });
});

describe('options and gauges', () => {
  it.each([
    ['issuer', { issuer: 'http://issuer.test' }],
    ['issuer', { issuer: 'https://issuer.test/?a=b' }],
    ['issuer', { issuer: undefined }],
    ['clientId', { clientId: '' }],
    ['fetch', { fetch: undefined }],
  ])('refuses to begin with a bad %s, and says what to set', async (name, fault) => {
    stage = await followedIssuer();
    const options = { issuer: 'https://issuer.test', clientId: 'cli_1', fetch, ...fault };
    expect(() => followRevocations(options as FollowRevocationsOptions)).toThrow(
      new RegExp(`^followRevocations\\(\\) needs ${name}: `),
    );
  });

  it('gauges tell age, number, lag and entries, in base units', async () => {
    stage = await followedIssuer();
    const follower = stage.follow();
    const read = () => Object.fromEntries(follower.gauges().map(({ name, value }) => [name, value()]));
    expect(read()).toEqual({
      revocation_feed_age_seconds: Infinity,
      revocation_feed_seq: 0,
      revocation_feed_lag_seconds: 0,
      revocation_feed_entries: 0,
    });
    follower.start();
    await follower.ready();
    await untilPolling(stage);
    stage.issuer.revoke(partner('ptn_1'));
    await eventually(() => expect(read()).toMatchObject({ revocation_feed_seq: 1, revocation_feed_entries: 1 }));
    const { lagMs, ageMs } = follower.status();
    expect(read()['revocation_feed_lag_seconds']).toBe(lagMs! / 1_000);
    expect(read()['revocation_feed_age_seconds']).toBeGreaterThanOrEqual(ageMs / 1_000);
    expect(read()['revocation_feed_age_seconds']).toBeLessThanOrEqual(follower.status().ageMs / 1_000);
  });

  it('a report that throws does not end the following', async () => {
    stage = await followedIssuer();
    const follower = stage.follow(() => {
      throw new Error('the log is full');
    });
    follower.start();
    await follower.ready();
    stage.issuer.revoke(partner('ptn_1'));
    await eventually(() => expect(isRefused(follower, 'ptn_1')).toBe(true));
  });
});
