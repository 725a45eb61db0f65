import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Parties, type Party } from '../issued-tokens/parties.fixture.spec.js';

let parties: Parties;
let owner: Party;
let stranger: Party;

beforeAll(async () => {
  parties = await Parties.gather();
  [owner, stranger] = [await parties.join(), await parties.join()];
}, 60_000);
afterAll(() => parties?.leave());

const UNAVAILABLE = { status: 503, body: { error: 'temporarily_unavailable' }, headers: { 'retry-after': '2' } };
const AT_ONCE_MS = 1_000;
const CURRENT_MS = 2_000; // so old may the last look at Postgres be

it('A31, A25: with Postgres away both endpoints answer 503 at once, say nothing of any token, and work again by themselves', async () => {
  const token = await parties.tokenOf(owner);
  expect((await parties.introspect(owner, token)).body).toMatchObject({ active: true });
  expect((await parties.introspect(stranger, token)).body).toEqual({ active: false });
  await parties.gate.close();
  const began = performance.now();
  expect(await parties.revoke(owner, token)).toMatchObject(UNAVAILABLE);
  expect(performance.now() - began).toBeLessThan(AT_ONCE_MS);

  await vi.waitFor(async () => expect((await parties.introspect(owner, token)).status).toBe(503), {
    timeout: CURRENT_MS + 500,
    interval: 50,
  });
  const asked = performance.now();
  const answers = await Promise.all([
    parties.introspect(owner, token),
    parties.introspect(owner, 'nothing'),
    parties.introspect(stranger, token),
    parties.revoke(owner, token),
    parties.revoke(owner, 'nothing'),
  ]);
  expect(performance.now() - asked).toBeLessThan(AT_ONCE_MS);
  for (const answer of answers) expect(answer).toMatchObject(UNAVAILABLE);
  expect((await parties.revoke(stranger, token)).status).toBe(400); // for that nothing need be known
  expect((await parties.post('/token', owner, { grant_type: 'client_credentials' })).status).toBe(200);

  await parties.gate.open();
  await vi.waitFor(async () => expect((await parties.introspect(owner, token)).body).toMatchObject({ active: true }), {
    timeout: 3_000,
  });
  expect((await parties.revoke(owner, token)).status).toBe(200);
  expect((await parties.introspect(owner, token)).body).toEqual({ active: false });
}, 30_000);
