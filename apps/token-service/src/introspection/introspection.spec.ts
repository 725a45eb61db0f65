import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AUDIENCE, SCOPE, suspend } from '../clients/registered-clients/registrations.fixture.spec.js';
import { Parties, partsOf, unknownId, type Json, type Party } from '../issued-tokens/parties.fixture.spec.js';
import { AccessTokenSigner } from '../signing-keys/access-token.signer.js';
import { SigningKeys } from '../signing-keys/signing-keys.js';

// Through the front door: real TLS, real certificates, the registry's own view on a real Postgres, two replicas.

const FELT = { timeout: 240_000, interval: 10 };
const INACTIVE = { active: false };

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

/** What introspection says, which is 200 whatever it is. */
async function seenBy(party: Party, token: string, at = parties.replicas[0]): Promise<Json> {
  const { status, body } = await parties.introspect(party, token, { at });
  expect(status).toBe(200);
  return body;
}

/** Why the last token was inactive: the operator's side of it. */
const lastCheck = () => parties.replicas[0].lines.findLast(({ msg }) => msg === 'token inactive')?.['check'];

/** A token of this issuer and its key, with claims of one's own choice. */
const minted = (claims: Json) =>
  parties.replicas[0].app.get(AccessTokenSigner, { strict: false }).sign(claims, 'ES256');

describe('A31: who sees a token', () => {
  it('its client, with everything it says and A16 what it is bound to', async () => {
    const token = await parties.tokenOf(owner);
    const { claims } = partsOf(token);
    expect(await seenBy(owner, token)).toEqual({ active: true, token_type: 'Bearer', ...claims });
    expect(claims['cnf']).toEqual({ 'x5t#S256': owner.certificate.thumbprint });
  });

  it('a client that is linked to the resource server it is for, at both replicas', async () => {
    const token = await parties.tokenOf(owner);
    for (const at of parties.replicas) {
      expect(await seenBy(api, token, at)).toMatchObject({ active: true, client_id: owner.clientId, scope: SCOPE });
    }
  });

  it('no other client, nor one that is linked to another resource server or without leave to introspect', async () => {
    const token = await parties.tokenOf(owner);
    const [other, follower] = [await parties.join(), await parties.join()];
    await parties.link(other, 'https://other-api.test');
    await parties.link(follower, AUDIENCE, { mayIntrospect: false });
    for (const party of [stranger, other, follower]) expect(await seenBy(party, token)).toEqual(INACTIVE);
    expect(lastCheck()).toBe('token_not_for_caller');
  });

  it('nobody any more once the link is gone', async () => {
    const [token, linked] = [await parties.tokenOf(owner), await parties.join()];
    await parties.link(linked, AUDIENCE);
    await vi.waitFor(async () => expect(await seenBy(linked, token)).toMatchObject({ active: true }), FELT);
    const unlink = `DELETE FROM registry.resource_server_clients WHERE client_id = '${linked.id}'`;
    await parties.change([linked], unlink);
    await vi.waitFor(async () => expect(await seenBy(linked, token)).toEqual(INACTIVE), FELT);
  });
});

describe('A31: what is off is inactive, whoever may see it', () => {
  const certificate =
    (change: string) =>
    ({ id }: Party) =>
      `UPDATE registry.certificates SET ${change} WHERE client_id = '${id}'`;
  const grant =
    (change: string) =>
    ({ id }: Party) =>
      `UPDATE registry.grants SET ${change} WHERE client_id = '${id}'`;
  const partnerOf = ({ id }: Party) => `id = (SELECT partner_id FROM registry.clients WHERE id = '${id}')`;

  it.each<[string, (party: Party) => string, string]>([
    ['its client is suspended', suspend, 'client_not_usable'],
    [
      'its partner is suspended',
      (party) => `UPDATE registry.partners SET status = 'suspended' WHERE ${partnerOf(party)}`,
      'client_not_usable',
    ],
    [
      'A15: its certificate is revoked',
      certificate(`status = 'revoked', revoked_at = now(), revocation_reason = 'key_compromise'`),
      'certificate_revoked',
    ],
    ['A15: its certificate is superseded', certificate(`status = 'superseded'`), 'certificate_not_registered'],
    ['A15: its certificate is retired', certificate('retire_at = now()'), 'certificate_over'],
    ['its grant is revoked', grant(`status = 'revoked'`), 'scope_not_granted'],
    ['its grant has ended', grant('valid_until = now()'), 'scope_not_granted'],
  ])('%s', async (_, sql, check) => {
    const party = await parties.join();
    const token = await parties.tokenOf(party);
    expect(await seenBy(api, token)).toMatchObject({ active: true });
    await parties.change([party], sql(party));
    await vi.waitFor(async () => expect(await seenBy(api, token)).toEqual(INACTIVE), FELT);
    expect(lastCheck()).toBe(check);
  });

  it.each<[string, (party: Party) => [kind: string, subject: Json]]>([
    ['a partner', ({ partnerId: partner_id }) => ['partner', { partner_id }]],
    ['a client', ({ clientId: client_id }) => ['client', { client_id }]],
    ['a certificate', ({ certificate: { thumbprint } }) => ['certificate', { thumbprint }]],
    ['a grant', ({ clientId: client_id }) => ['grant', { client_id, audience: AUDIENCE, scope: SCOPE }]],
  ])('the feed has an entry of %s, whatever else is known; reinstated, older tokens stay inactive', async (_, of) => {
    const party = await parties.join();
    const token = await parties.tokenOf(party);
    const [kind, subject] = of(party);
    const record = (mode: string) =>
      parties.schemas.admin.query('SELECT token.record_revocation($1, $2, $3, $4)', [kind, subject, mode, 'spec']);
    expect(await seenBy(api, token)).toMatchObject({ active: true });
    await record('off');
    await vi.waitFor(async () => expect(await seenBy(api, token)).toEqual(INACTIVE), FELT);
    expect(lastCheck()).toBe('token_revoked');
    await record('on');
    // asked for anew each time: one given before the replica read of the reinstatement is an older one
    const seenLater = async () => seenBy(api, await parties.tokenOf(party));
    await vi.waitFor(async () => expect(await seenLater()).toMatchObject({ active: true }), FELT);
    expect(await seenBy(api, token)).toEqual(INACTIVE);
  });
});

describe('A25, A31: what is no good token of ours is inactive, in one and the same way', () => {
  const now = Math.floor(Date.now() / 1_000);
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const changed = (token: string, changes: Json) => {
    const [header, claims, signature] = token.split('.');
    return [header, encoded({ ...partsOf(`${header}.${claims}.`).claims, ...changes }), signature].join('.');
  };

  it.each<[string, (good: string) => string | Promise<string>, string]>([
    ['an opaque text', () => 'b3BhcXVl', 'token_not_ours'],
    ['another issuer', (good) => minted({ ...partsOf(good).claims, iss: 'https://other.test' }), 'token_not_ours'],
    ['expired', (good) => minted({ ...partsOf(good).claims, iat: now - 600, exp: now - 300 }), 'token_expired'],
    [
      'from the future',
      (good) => minted({ ...partsOf(good).claims, iat: now + 60, exp: now + 300 }),
      'token_not_yet_valid',
    ],
    ['R5: not bound', (good) => minted({ ...partsOf(good).claims, cnf: undefined }), 'confirmation_missing'],
    [
      'A17: bound in an unknown way',
      (good) => minted({ ...partsOf(good).claims, cnf: { jkt: 'x' } }),
      'confirmation_unknown',
    ],
    ['R10: without jti', (good) => minted({ ...partsOf(good).claims, jti: undefined }), 'token_claims'],
    ['longer than signed', (good) => changed(good, { exp: now + 900 }), 'token_signature'],
    ['with another scope', (good) => changed(good, { scope: `${SCOPE} admin` }), 'token_signature'],
    [
      'A19: signed with nothing',
      (good) => `${encoded({ alg: 'none', typ: 'at+jwt' })}.${good.split('.')[1]}.`,
      'token_algorithm',
    ],
    [
      'A29: signed with a key that is in no key set',
      (good) => [encoded({ ...partsOf(good).header, kid: 'k'.repeat(43) }), ...good.split('.').slice(1)].join('.'),
      'token_key_unknown',
    ],
    [
      'without a certificate that is the client’s',
      (good) => minted({ ...partsOf(good).claims, cnf: { 'x5t#S256': api.certificate.thumbprint } }),
      'certificate_not_registered',
    ],
    [
      'of a client nobody knows',
      (good) => minted({ ...partsOf(good).claims, client_id: unknownId() }),
      'client_unknown',
    ],
    [
      'of another partner than its client',
      (good) => minted({ ...partsOf(good).claims, partner_id: stranger.partnerId }),
      'client_unknown',
    ],
  ])('%s', async (_, bad, check) => {
    const answer = await parties.introspect(api, await bad(await parties.tokenOf(owner)));
    expect([answer.status, answer.text]).toEqual([200, '{"active":false}']);
    expect(lastCheck()).toBe(check);
  });

  it('A29: a distrusted key, as soon as the feed says so', async () => {
    const token = await parties.tokenOf(owner);
    const { kid } = parties.replicas[0].app.get(SigningKeys, { strict: false }).currentFor('ES256');
    const { rows } = await parties.schemas.admin.query<{ n: string }>(
      `SELECT token.record_key_distrust($1, 'spec') AS n`,
      [kid],
    );
    expect(Number(rows[0]!.n)).toBeGreaterThan(0);
    await vi.waitFor(async () => expect(await seenBy(api, token)).toEqual(INACTIVE), FELT);
    expect(lastCheck()).toBe('token_revoked');
    await parties.schemas.admin.query(`DELETE FROM token.revocation WHERE kind = 'key'`);
  });
});
