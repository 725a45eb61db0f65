import { Limits } from '@partner-ecosystem/platform/limits';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  assertionOf,
  joinByAssertion,
  postForm,
  type AssertionParty,
} from '../../issued-tokens/assertion-party.fixture.spec.js';
import { Parties, unknownId, type Party } from '../../issued-tokens/parties.fixture.spec.js';
import { suspend } from '../registered-clients/registrations.fixture.spec.js';

const GRANT = { grant_type: 'client_credentials' };

let parties: Parties;
let signer: AssertionParty;
let other: AssertionParty;
/** Registered for `tls_client_auth`. */
let bearer: Party;
let token: string;

beforeAll(async () => {
  parties = await Parties.gather();
  [signer, other, bearer] = [await joinByAssertion(parties), await joinByAssertion(parties), await parties.join()];
  const { body } = await ask('/token', { ...GRANT, ...(await assertionOf(signer)) });
  token = String(body['access_token']);
});
afterAll(() => parties?.leave());

const ask = (path: string, parameters: Record<string, string>) =>
  postForm(parties, 'mtls', path, parameters, { as: signer.certificate });
const askWithoutCertificate = (path: string, parameters: Record<string, string>) =>
  postForm(parties, 'tls', path, parameters);

async function parametersOf(path: string): Promise<Record<string, string>> {
  return path === '/token' ? GRANT : { token: path === '/introspect' ? token : 'nothing' };
}

describe.each(['/token', '/introspect', '/revoke'])('A10: client_id beside an assertion, at %s', (path) => {
  const send = async (parameters: Record<string, string>) =>
    ask(path, { ...(await parametersOf(path)), ...parameters });

  it('may be left out: the client is the sub of the assertion (RFC 7521 section 4.2)', async () => {
    expect((await send(await assertionOf(signer))).status).toBe(200);
    expect((await send({ ...(await assertionOf(signer)), client_id: signer.clientId })).status).toBe(200);
    expect((await send({ ...(await assertionOf(signer)), client_id: '' })).status).toBe(200);
  });

  it('has to agree with it', async () => {
    for (const client_id of [other.clientId, unknownId(), 'x']) {
      const answer = await send({ ...(await assertionOf(signer)), client_id });
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    }
  });

  it('a sub is believed only under the keys of the client that it names', async () => {
    const forged = await assertionOf({ ...signer, clientId: other.clientId });
    expect(await send(forged)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    for (const sub of [unknownId(), bearer.clientId, '', '\0', undefined, 7]) {
      const answer = await send(await assertionOf(signer, { iss: sub, sub }));
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    }
  });

  it('without either the request is malformed', async () => {
    expect(await send({})).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    const unreadable = { ...(await assertionOf(signer)), client_assertion: 'x' };
    expect(await send(unreadable)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });
});

describe('A10: who is named by an assertion alone', () => {
  it('is in the log and in the count of refusals', async () => {
    const refused = await ask('/token', { ...GRANT, ...(await assertionOf(signer, { aud: 'https://other.test' })) });
    expect(refused.status).toBe(401);
    const line = parties.replicas[0].lines.find(
      (entry) => entry['request_id'] === refused.body['request_id'] && entry['check'] === 'assertion_audience',
    );
    expect(line).toMatchObject({ client_id: signer.clientId });
    const stored = () =>
      parties.schemas.admin.query<{ client_id: string }>(
        'SELECT client_id FROM token.refused_attempts WHERE $1 = ANY (request_ids)',
        [refused.body['request_id']],
      );
    await vi.waitFor(async () => expect((await stored()).rows).toEqual([{ client_id: signer.clientId }]), {
      timeout: 240_000,
    });
  });

  it('is held to its own limit, once it is proven', async () => {
    const admitted = vi.spyOn(parties.replicas[0].app.get(Limits, { strict: false }), 'proved');
    await ask('/token', { ...GRANT, ...(await assertionOf({ ...signer, clientId: other.clientId })) });
    expect(admitted).not.toHaveBeenCalled();
    await ask('/token', { ...GRANT, ...(await assertionOf(signer)) });
    expect(admitted.mock.calls.map(([, clientId]) => clientId)).toEqual([signer.clientId]);
    admitted.mockRestore();
  });
});

describe.each(['/introspect', '/revoke'])('A41: %s by an assertion, where no certificate is asked for', (path) => {
  const send = async (parameters: Record<string, string>) =>
    askWithoutCertificate(path, { ...(await parametersOf(path)), ...parameters });

  it('answers the client, and keeps the answer from caches', async () => {
    const answer = await send(await assertionOf(signer));
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    if (path === '/introspect') expect(answer.body).toMatchObject({ active: true, client_id: signer.clientId });
  });

  it('refuses one that is forged, used, of another client or for another server, in the same words', async () => {
    const used = await assertionOf(signer);
    expect((await send(used)).status).toBe(200);
    const refused = [
      used,
      await assertionOf({ ...signer, clientId: other.clientId }),
      await assertionOf({ ...signer, clientId: bearer.clientId }),
      await assertionOf(signer, { aud: 'https://other.test' }),
      await assertionOf({ ...signer, clientId: unknownId() }),
    ];
    const answers = await Promise.all(refused.map(send));
    expect(answers.map(({ status, body }) => [status, body['error']])).toEqual(
      refused.map(() => [401, 'invalid_client']),
    );
    expect(new Set(answers.map(({ body }) => body['error_description'])).size).toBe(1);
  });

  it('refuses a client that is suspended', async () => {
    const suspended = await joinByAssertion(parties);
    expect((await send(await assertionOf(suspended))).status).toBe(200);
    await parties.change([suspended], suspend(suspended));
    await vi.waitFor(async () => expect((await send(await assertionOf(suspended))).status).toBe(401), {
      timeout: 240_000,
    });
  });

  it('T5: without an assertion names the address for certificates', async () => {
    const answer = await send({ client_id: bearer.clientId });
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(answer.body['error_description']).toContain(`https://mtls.issuer.test${path}`);
  });

  it('a certificate that is presented still has to be one of the client', async () => {
    const parameters = { ...(await parametersOf(path)), ...(await assertionOf(signer)) };
    const answer = await postForm(parties, 'mtls', path, parameters, { as: other.certificate });
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });
});

it("A31, A41: revokes the caller's own token, and nobody else's", async () => {
  const { body } = await ask('/token', { ...GRANT, ...(await assertionOf(signer)) });
  const own = String(body['access_token']);
  const active = async () =>
    (await askWithoutCertificate('/introspect', { token: own, ...(await assertionOf(signer)) })).body;
  const byOther = await askWithoutCertificate('/revoke', { token: own, ...(await assertionOf(other)) });
  expect(byOther).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } });
  expect(await active()).toMatchObject({ active: true });
  expect((await askWithoutCertificate('/revoke', { token: own, ...(await assertionOf(signer)) })).status).toBe(200);
  expect(await active()).toEqual({ active: false });
});

it('A17: no token is issued where no certificate is asked for', async () => {
  const answer = await askWithoutCertificate('/token', { ...GRANT, ...(await assertionOf(signer)) });
  expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  expect(answer.body).not.toHaveProperty('access_token');
});
