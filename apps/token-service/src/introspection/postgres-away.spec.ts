import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { Parties, type Party } from '../issued-tokens/parties.fixture.spec.js';
import { patientFeed } from '../served.fixture.spec.js';

let parties: Parties;
let owner: Party;
let stranger: Party;

beforeAll(async () => {
  parties = await Parties.gather();
  [owner, stranger] = [await parties.join(), await parties.join()];
});
afterAll(() => parties?.leave());
afterEach(() => vi.useRealTimers());

const UNAVAILABLE = { status: 503, body: { error: 'temporarily_unavailable' }, headers: { 'retry-after': '2' } };

it('A31, A25: with Postgres away both endpoints answer 503, say nothing of any token, and work again by themselves', async () => {
  const token = await parties.tokenOf(owner);
  expect((await parties.introspect(owner, token)).body).toMatchObject({ active: true });
  expect((await parties.introspect(stranger, token)).body).toEqual({ active: false });
  await parties.gate.close();
  expect(await parties.revoke(owner, token)).toMatchObject(UNAVAILABLE);

  // An age is the larger of what two clocks say, so it is enough to set this one.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + patientFeed().currentMs + 1 });
  const answers = await Promise.all([
    parties.introspect(owner, token),
    parties.introspect(owner, 'nothing'),
    parties.introspect(stranger, token),
    parties.revoke(owner, token),
    parties.revoke(owner, 'nothing'),
  ]);
  for (const answer of answers) expect(answer).toMatchObject(UNAVAILABLE);
  expect((await parties.revoke(stranger, token)).status).toBe(400); // for that nothing need be known
  expect((await parties.post('/token', owner, { grant_type: 'client_credentials' })).status).toBe(200);
  vi.useRealTimers();

  await parties.gate.open();
  await vi.waitFor(async () => expect((await parties.introspect(owner, token)).body).toMatchObject({ active: true }), {
    timeout: 240_000,
  });
  expect((await parties.revoke(owner, token)).status).toBe(200);
  expect((await parties.introspect(owner, token)).body).toEqual({ active: false });
});
