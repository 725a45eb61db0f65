import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AUDIENCE } from '../clients/registered-clients/registrations.fixture.spec.js';
import { Parties, partsOf, type Json, type Party } from '../issued-tokens/parties.fixture.spec.js';
import { AccessTokenSigner } from '../signing-keys/access-token.signer.js';

let parties: Parties;
let owner: Party;
let stranger: Party;
let api: Party;

beforeAll(async () => {
  parties = await Parties.gather();
  [owner, stranger, api] = [await parties.join(), await parties.join(), await parties.join()];
  await parties.link(api, AUDIENCE);
});
afterAll(() => parties?.leave());

interface Recorded {
  seq: string;
  jti: string;
  mode: string;
  within: Json;
}
const recorded = async () =>
  (
    await parties.schemas.admin.query<Recorded>(
      `SELECT seq, subject ->> 'jti' AS jti, mode, within FROM token.revocation WHERE kind = 'jti' ORDER BY seq`,
    )
  ).rows;
const activeAt = async (replica: number, token: string, party = owner) =>
  (await parties.introspect(party, token, { at: parties.replicas[replica]! })).body['active'];

let before: Recorded[];
beforeEach(async () => {
  before = await recorded();
});

describe('A31: a client revokes its own token', () => {
  it('200 without a body; inactive at once, and on the other replica soon after', async () => {
    const token = await parties.tokenOf(owner);
    for (const replica of [0, 1]) expect(await activeAt(replica, token)).toBe(true);
    const answer = await parties.revoke(owner, token);
    expect([answer.status, answer.text, answer.headers['cache-control']]).toEqual([200, '', 'no-store']);
    expect(await activeAt(0, token)).toBe(false);
    await vi.waitFor(async () => expect(await activeAt(1, token)).toBe(false), { timeout: 240_000, interval: 5 });
    const { jti } = partsOf(token).claims;
    const within = { partner_id: owner.partnerId, client_id: owner.clientId };
    expect((await recorded()).slice(before.length)).toEqual([expect.objectContaining({ jti, mode: 'off', within })]);
    const line = parties.replicas[0].lines.findLast(({ msg }) => msg === 'token revoked');
    expect(line).toMatchObject({ jti, client_id: owner.clientId, request_id: answer.headers['x-request-id'] });
  });

  it('its other tokens stay', async () => {
    const [one, other] = [await parties.tokenOf(owner), await parties.tokenOf(owner)];
    await parties.revoke(owner, one);
    expect(await activeAt(0, one)).toBe(false);
    expect(await activeAt(0, other)).toBe(true);
  });

  it('again is 200 again, at either replica, and makes nobody read anything', async () => {
    const token = await parties.tokenOf(owner);
    await parties.revoke(owner, token);
    await vi.waitFor(async () => expect(await activeAt(1, token)).toBe(false), { timeout: 240_000, interval: 5 });
    const once = await recorded();
    for (const at of [...parties.replicas, ...parties.replicas]) {
      expect((await parties.revoke(owner, token, { at })).status).toBe(200);
    }
    expect(await recorded()).toEqual(once);
  });

  it.each(['access_token', 'refresh_token', 'urn:x', ''])('the hint "%s" changes nothing', async (token_type_hint) => {
    const token = await parties.tokenOf(owner);
    expect((await parties.post('/revoke', owner, { token, token_type_hint })).status).toBe(200);
    expect(await activeAt(0, token)).toBe(false);
  });

  it('twenty at once are twenty entries', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => parties.tokenOf(owner)));
    const answers = await Promise.all(tokens.map((token) => parties.revoke(owner, token)));
    expect(answers.map(({ status }) => status)).toEqual(tokens.map(() => 200));
    expect(await recorded()).toHaveLength(before.length + 20);
    for (const token of tokens) expect(await activeAt(0, token)).toBe(false);
  });
});

describe('A31: nothing to revoke is 200, and nothing is recorded', () => {
  const now = Math.floor(Date.now() / 1_000);
  const minted = (claims: Json) =>
    parties.replicas[0].app.get(AccessTokenSigner, { strict: false }).sign(claims, 'ES256');

  it.each<[string, (good: string) => string | Promise<string>]>([
    ['unknown', () => 'b3BhcXVl'],
    ['malformed', (good) => `${good}.x`],
    ['of another issuer', (good) => minted({ ...partsOf(good).claims, iss: 'https://other.test' })],
    ['expired', (good) => minted({ ...partsOf(good).claims, iat: now - 600, exp: now - 300 })],
    ['forged', (good) => `${good.split('.').slice(0, 2).join('.')}.${'A'.repeat(86)}`],
    [
      'of a key nobody has',
      (good) =>
        [btoa('{"alg":"ES256","typ":"at+jwt","kid":"x"}').replace(/=+$/, ''), ...good.split('.').slice(1)].join('.'),
    ],
    [
      'an answer of introspection',
      async (good) =>
        (await parties.introspect(owner, good, { headers: { accept: 'application/token-introspection+jwt' } })).text,
    ],
  ])('%s', async (_, bad) => {
    const good = await parties.tokenOf(owner);
    const answer = await parties.revoke(owner, await bad(good));
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(await recorded()).toEqual(before);
    expect(await activeAt(0, good)).toBe(true);
  });
});

describe("A25, A31: another client's token", () => {
  it('is 400, stays as it is, and a forged one is told the same: nobody learns whether it exists', async () => {
    const token = await parties.tokenOf(owner);
    const [header, claims, signature] = token.split('.');
    const forged = [header, claims, [...signature!].reverse().join('')].join('.');
    const expired = Buffer.from(JSON.stringify({ ...partsOf(token).claims, exp: 1 })).toString('base64url');
    const answers = [];
    for (const asked of [token, forged, `${header}.${expired}.${signature}`, `${header}.${claims}.`]) {
      const { status, body } = await parties.revoke(stranger, asked);
      answers.push([status, body['error'], body['error_description']]);
    }
    expect(answers[0]).toEqual([400, 'unauthorized_client', expect.stringContaining('Nothing was revoked')]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await recorded()).toEqual(before);
    expect(await activeAt(0, token)).toBe(true);
  });

  it('is not for the resource server to revoke either, though it sees it', async () => {
    const token = await parties.tokenOf(owner);
    expect(await activeAt(0, token, api)).toBe(true);
    expect((await parties.revoke(api, token)).status).toBe(400);
    expect(await activeAt(0, token, api)).toBe(true);
    expect(await recorded()).toEqual(before);
  });

  it('the attempt is on record under the check that refused, and what was revoked is no such event', async () => {
    const token = await parties.tokenOf(owner);
    const { body } = await parties.revoke(stranger, token);
    const { headers } = await parties.revoke(owner, token);
    const events = async (id: unknown) =>
      (await parties.schemas.admin.query<Json>('SELECT * FROM token.authentication_event WHERE request_id = $1', [id]))
        .rows;
    await vi.waitFor(async () => expect(await events(body['request_id'])).toHaveLength(1), { timeout: 240_000 });
    const [event] = await events(body['request_id']);
    expect(event).toMatchObject({
      outcome: 'refused',
      error: 'unauthorized_client',
      failed_check: 'token_of_another_client',
      client_id: stranger.clientId,
      authenticated: true,
      jti: null,
    });
    expect(await events(headers['x-request-id'])).toEqual([]);
  });
});
