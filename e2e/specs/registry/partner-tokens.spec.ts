import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Call } from '../../stack/admin/https-client.js';
import type { OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import { textIn } from '../../stack/admin/operator.js';
import { clientCertificate, StackUnderTest } from '../black-box/stack-under-test.js';
import { addressOf, ApiDocument, type Operation } from './openapi/api-document.js';

/** The least of the registry's scopes, and the one route it opens. */
const LEAST = { scope: 'registry:changes:read', path: '/v1/changes' };

describe("a partner's token", () => {
  const stack = new StackUnderTest();
  const { urls } = stack.running;
  let document: ApiDocument;
  let a: OnboardedPartner;
  let b: OnboardedPartner;
  /** for the registry's audience */
  let forRegistry: string;
  let forApi: string;

  beforeAll(async () => {
    document = await ApiDocument.of(stack.client, urls.registryPublic);
    a = await stack.onboard(await clientCertificate('CN=a,O=Partner tokens'));
    b = await stack.onboard(await clientCertificate('CN=b,O=Partner tokens'));
    forApi = await stack.accessToken(a);
    forRegistry = await tokenForRegistry();
  });

  /** Another system of partner A. */
  async function tokenForRegistry(): Promise<string> {
    const { operator } = stack;
    const client = { partner_id: a.partnerId, client_name: 'For itself', environment: 'production' };
    const id = textIn(await operator.call('/v1/clients', { json: client }, 201), 'id');
    const identity = await clientCertificate('CN=a-self,O=Partner tokens');
    await operator.call(`/v1/clients/${id}/certificates`, { json: { pem: identity.certificatePem } }, 201);
    const grant = { audience: urls.registry, scopes: [LEAST.scope] };
    await operator.call(`/v1/clients/${id}/scopes`, { json: grant }, 201);
    await operator.call(`/v1/clients/${id}/activate`, { json: { reason: 'x' }, headers: { 'if-match': '*' } }, 200);
    a = { ...a, identity };
    return textIn(await stack.token(id, identity, { resource: urls.registry }), 'access_token');
  }

  function call({ method, path, bodies }: Operation, as: Partial<Call>): Promise<Answer> {
    const ids: Record<string, string> = { ptn: b.partnerId, cli: b.clientKey, crt: b.certificateId };
    const address = addressOf(path, (prefix) => ids[prefix]);
    const [contentType] = Object.keys(bodies);
    const raw = contentType === undefined ? {} : { raw: { body: '{}', contentType } };
    const headers = { 'if-match': '"1"' };
    return stack.client.send({ method, url: `${urls.registry}${address}`, headers, ...raw, ...as });
  }

  it.each([
    ['for the registry itself, without the scope of the route: 403', () => forRegistry, 403, 'insufficient_scope'],
    ['for another API: 401', () => forApi, 401, 'invalid_token'],
    ['left at home: 401', () => undefined, 401, 'unauthorized'],
  ])('on every route of the admin API, %s', async (_, token, status, code) => {
    const guarded = document.operations.filter(({ guarded, path }) => guarded && path !== LEAST.path);
    expect(guarded.length).toBeGreaterThan(20);
    for (const operation of guarded) {
      const answer = await call(operation, { identity: a.identity, token: token() });
      expect([operation.id, answer.status, answer.body['code']]).toEqual([operation.id, status, code]);
    }
  });

  it("learns nothing of partner B where partners may call: B's shipment is a 404, like one that never was", async () => {
    const of = async (partner: OnboardedPartner) => ({
      identity: partner.identity,
      token: await stack.accessToken(partner),
    });
    const [asA, asB] = [
      await of({ ...(await stack.onboard(await clientCertificate('CN=a2,O=Partner tokens'))) }),
      await of(b),
    ];
    const url = `${urls.resource}/v1/shipments`;
    const json = { reference: 'B-1', origin: 'NLRTM', destination: 'SGSIN', weight_kg: 10 };
    const id = textIn(await stack.client.send({ url, ...asB, json }), 'id');
    expect((await stack.client.send({ url: `${url}/${id}`, ...asB })).status).toBe(200);
    const theirs = await stack.client.send({ url: `${url}/${id}`, ...asA });
    const nobodys = await stack.client.send({
      url: `${url}/${id.replace(/.$/, (last) => (last === '0' ? '1' : '0'))}`,
      ...asA,
    });
    expect([theirs.status, nobodys.status]).toEqual([404, 404]);
    const face = ({ body: { request_id: _request, ...rest } }: Answer): object => rest;
    expect(face(theirs)).toEqual(face(nobodys));
    expect((await stack.client.send({ url, ...asA })).body['items']).toEqual([]);
  });
});
