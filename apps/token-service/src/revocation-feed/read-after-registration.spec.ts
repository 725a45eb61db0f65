import { expect, it, vi } from 'vitest';
import { momentOf, systemClock } from '../database/clock.js';
import { IssuerIdentity } from '../process/issuer-identity.js';
import { ReadAfterRegistration } from './read-after-registration.js';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationFeedPolicy } from './revocation-feed-policy.js';

const EPOCH = 'a';
const identity = new IssuerIdentity('https://issuer.test', 'https://mtls.issuer.test');

/** A feed that was read up to a number, and that reads on when the spec says so. */
async function scene(head: number) {
  const feed = new RevocationFeed(new RevocationFeedPolicy(), identity);
  const wanted = vi.spyOn(feed.wanted, 'interrupt');
  const read = async (to: number, epoch = EPOCH) => {
    const before = Date.now();
    while (Date.now() === before) await turn(); // a later reading is one by the clock
    const asked = momentOf(systemClock);
    feed.take({ epoch, head: to, since: 0, rows: [], asked, answeredAt: asked.wall, databaseNow: asked.wall });
  };
  await read(head);
  const readAfter = new ReadAfterRegistration(feed);
  const ready = (registration: { revocations: { epoch: string; seq: number } }) => {
    const waiting = { ended: false };
    void readAfter.of(registration).then(() => (waiting.ended = true));
    return waiting;
  };
  return { wanted, read, ready };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it.each([4, 5])('R2: read up to 5: nothing is waited for where a registration knows of %i', async (seq) => {
  const { wanted, ready } = await scene(5);
  const waiting = ready({ revocations: { epoch: EPOCH, seq } });
  await turn();
  expect(waiting.ended).toBe(true);
  expect(wanted).not.toHaveBeenCalled();
});

it.each([
  ['a later number', { epoch: EPOCH, seq: 6 }],
  ['another epoch', { epoch: 'b', seq: 1 }],
])('R2: a registration that knows of %s waits until the revocations were read anew, once', async (_, revocations) => {
  const { wanted, read, ready } = await scene(5);
  const registration = { revocations };
  const first = ready(registration);
  await turn();
  expect(first.ended).toBe(false);
  expect(wanted).toHaveBeenCalledOnce();
  await read(5);
  await turn();
  expect(first.ended).toBe(true);
  const second = ready(registration);
  await turn();
  expect(second.ended).toBe(true);
});
