import type { Issued } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIENCE, startResourceApi, type TestRequest, type TestResourceApi } from '../resource-api.testing.js';
import { SCOPES } from '../protected-resource/scopes.js';
import { newShipmentExamples } from './shipment.examples.js';

const EVERYTHING = `${SCOPES.read} ${SCOPES.write}`;
const METADATA_URL = `${AUDIENCE}/.well-known/oauth-protected-resource`;

interface Partner {
  certificate: Issued;
  partnerId: string;
  clientId: string;
}

let api: TestResourceApi;
let acme: Partner;
let globex: Partner;

beforeAll(async () => {
  api = await startResourceApi();
  acme = await partnerCalled('acme', 'a');
  globex = await partnerCalled('globex', 'b');
});

afterAll(() => api?.stop());

describe('a partner with a token bound to its certificate', () => {
  it('books a shipment, reads it and finds it in its list', async () => {
    const booked = await callAs(acme, '/v1/shipments', { method: 'POST', body: shipment('A-1') });
    expect(booked).toMatchObject({ status: 201, body: { ...shipment('A-1'), status: 'booked' } });
    expect(booked.body).toMatchObject({ id: expect.stringMatching(/^shp_[0-9a-f]{32}$/), created_by: acme.clientId });
    expect(Date.parse(booked.body.created_at)).toBeCloseTo(Date.now(), -5);
    expect(booked.headers['location']).toBe(`/v1/shipments/${booked.body.id}`);

    const read = await callAs(acme, `/v1/shipments/${booked.body.id}`);
    expect(read).toMatchObject({ status: 200, body: booked.body });
    const list = await callAs(acme, '/v1/shipments');
    expect(list.body.items).toContainEqual(booked.body);
  });

  it('books what the documentation shows as examples, unchanged', async () => {
    for (const { value } of Object.values(newShipmentExamples)) {
      const booked = await callAs(acme, '/v1/shipments', { method: 'POST', body: value });
      expect(booked).toMatchObject({ status: 201, body: value });
    }
  });

  it('is not shown to which partner a row belongs: it has only its own', async () => {
    const { body } = await callAs(acme, '/v1/shipments', { method: 'POST', body: shipment('A-whitelist') });
    expect(Object.keys(body)).toEqual(
      'id reference origin destination status weight_kg created_at created_by'.split(' '),
    );
  });

  it('cannot use one reference twice', async () => {
    await callAs(acme, '/v1/shipments', { method: 'POST', body: shipment('A-twice') });
    const again = await callAs(acme, '/v1/shipments', { method: 'POST', body: shipment('A-twice') });
    expect(again).toMatchObject({ status: 409, body: { code: 'reference_taken', type: '/problems/reference_taken' } });
    expect(again.headers['content-type']).toMatch(/^application\/problem\+json/);
  });
});

describe('a list', () => {
  it('is walked by Link headers, newest first, to its end', async () => {
    const initech = await partnerCalled('initech', 'c');
    for (const reference of ['1', '2', '3', '4', '5']) {
      await callAs(initech, '/v1/shipments', { method: 'POST', body: shipment(reference) });
    }
    const pages: string[][] = [];
    for (let path: string | undefined = '/v1/shipments?limit=2'; path;) {
      const { status, body, headers } = await callAs(initech, path);
      expect(status).toBe(200);
      pages.push(body.items.map(({ reference }: { reference: string }) => reference));
      path = /^<(\/v1\/shipments\?cursor=.+)>; rel="next"$/.exec(String(headers['link']))?.[1];
      expect(path === undefined).toBe(body.next_cursor === null);
    }
    expect(pages).toEqual([['5', '4'], ['3', '2'], ['1']]);
  });

  it('has no next page when the last row fills the page', async () => {
    const umbrella = await partnerCalled('umbrella', 'd');
    await callAs(umbrella, '/v1/shipments', { method: 'POST', body: shipment('1') });
    const { body, headers } = await callAs(umbrella, '/v1/shipments?limit=1');
    expect(body).toMatchObject({ items: [{ reference: '1' }], next_cursor: null });
    expect(headers['link']).toBeUndefined();
  });

  it.each([
    ['limit=0', '/limit'],
    ['limit=201', '/limit'],
    ['limit=1&limit=2', '/limit'],
    ['cursor=nonsense', '/cursor'],
    ['partner_id=ptn_1', '/partner_id'],
    ['sort=weight_kg', '/sort'],
  ])('refuses ?%s', async (query, pointer) => {
    const answer = await callAs(acme, `/v1/shipments?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ pointer }] } });
  });
});

describe('two partners', () => {
  it('never see each other: another one’s shipment is answered like one that does not exist', async () => {
    const { body: theirs } = await callAs(globex, '/v1/shipments', { method: 'POST', body: shipment('G-1') });
    const foreign = await callAs(acme, `/v1/shipments/${theirs.id}`);
    const unknown = await callAs(acme, `/v1/shipments/shp_${'0'.repeat(32)}`);
    const malformed = await callAs(acme, '/v1/shipments/7');
    expect(foreign).toMatchObject({ status: 404, body: { code: 'shipment_not_found' } });
    for (const answer of [unknown, malformed]) {
      expect({ ...answer.body, request_id: '' }).toEqual({ ...foreign.body, request_id: '' });
    }
    const list = await callAs(acme, '/v1/shipments?limit=200');
    expect(list.body.items.map(({ id }: { id: string }) => id)).not.toContain(theirs.id);
  });

  it('may use the same reference', async () => {
    for (const partner of [acme, globex]) {
      const { status } = await callAs(partner, '/v1/shipments', { method: 'POST', body: shipment('same') });
      expect(status).toBe(201);
    }
  });

  it('cannot write for each other: the body names no partner', async () => {
    const body = { ...shipment('A-2'), partner_id: globex.partnerId };
    const answer = await callAs(acme, '/v1/shipments', { method: 'POST', body });
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/partner_id', code: 'unknown_member' }] },
    });
  });

  it('stay apart, and a thief stays out, when their requests come at once', async () => {
    // Tokens beforehand, so that the guard judges many requests at the same time.
    const [acmes, globexs] = [await tokenOf(acme, EVERYTHING), await tokenOf(globex, EVERYTHING)];
    const round = [
      { owner: acme, sent: { token: acmes, certificate: acme.certificate } },
      { owner: globex, sent: { token: globexs, certificate: globex.certificate } },
      { owner: undefined, sent: { token: acmes, certificate: globex.certificate } },
      { owner: undefined, sent: { token: acmes } },
    ];
    const requests = Array.from({ length: 12 }, () => round).flat();
    const answers = await Promise.all(requests.map(({ sent }) => api.call('/v1/shipments?limit=200', sent)));
    answers.forEach(({ status, body }, index) => {
      const clients = body.items?.map(({ created_by }: { created_by: string }) => created_by);
      const { owner } = requests[index]!;
      expect({ status, clients: clients && [...new Set(clients)] }).toEqual(
        owner ? { status: 200, clients: [owner.clientId] } : { status: 401, clients: undefined },
      );
    });
  });
});

describe('the body of a new shipment', () => {
  it('is refused with every fault named by JSON pointer', async () => {
    const body = { reference: '', origin: 'Rotterdam', weight_kg: 0, colour: 'red' };
    const { status, body: problem } = await callAs(acme, '/v1/shipments', { method: 'POST', body });
    expect(status).toBe(400);
    const pointers = problem.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(new Set(pointers)).toEqual(new Set(['/reference', '/origin', '/destination', '/weight_kg', '/colour']));
  });

  it('must be an object', async () => {
    const { status, body } = await callAs(acme, '/v1/shipments', { method: 'POST', body: [] });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_request' });
  });
});

describe('the guard', () => {
  it('answers a request without a token with the address of the metadata', async () => {
    const { status, headers, body } = await api.call('/v1/shipments', { certificate: acme.certificate });
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'unauthorized' });
    expect(headers['www-authenticate']).toBe(`Bearer resource_metadata="${METADATA_URL}"`);
  });

  it('refuses a stolen token over another partner’s certificate and over none; its owner still gets in', async () => {
    const token = await tokenOf(acme, EVERYTHING);
    for (const certificate of [globex.certificate, undefined]) {
      const { status, headers, body } = await api.call('/v1/shipments', { token, certificate });
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'invalid_token' });
      expect(headers['www-authenticate']).toContain('error="invalid_token"');
      expect(JSON.stringify(api.log.filter(({ request_id }) => request_id === body.request_id))).toContain(
        certificate ? 'certificate_mismatch' : 'certificate_missing',
      );
    }
    expect(await api.call('/v1/shipments', { token, certificate: acme.certificate })).toMatchObject({ status: 200 });
  });

  it('refuses a token for another audience', async () => {
    const token = await tokenOf(acme, EVERYTHING, 'https://localhost:9444');
    const { status, body } = await api.call('/v1/shipments', { token, certificate: acme.certificate });
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'invalid_token' });
  });

  it.each([
    ['GET', '/v1/shipments', SCOPES.write, SCOPES.read],
    ['GET', `/v1/shipments/shp_${'0'.repeat(32)}`, SCOPES.write, SCOPES.read],
    ['POST', '/v1/shipments', SCOPES.read, SCOPES.write],
  ] as const)('asks for the scope of %s %s', async (method, path, granted, needed) => {
    const sent = { method, certificate: acme.certificate, token: await tokenOf(acme, granted) };
    const { status, headers, body } = await api.call(path, { ...sent, body: method === 'POST' ? {} : undefined });
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'insufficient_scope' });
    expect(headers['www-authenticate']).toContain(`scope="${needed}"`);
  });

  it('lets nobody act for a partner whose id is not of our form', async () => {
    const stranger = { ...acme, partnerId: 'acme' };
    for (const sent of [{}, { method: 'POST' as const, body: shipment('X-1') }]) {
      const { status, body } = await callAs(stranger, '/v1/shipments', sent);
      expect({ status, code: body.code }).toEqual({ status: 403, code: 'partner_unrecognised' });
    }
  });

  it('is not to be got round on the listener that asks for no certificate', async () => {
    const token = await tokenOf(acme, EVERYTHING);
    const { status } = await api.call('/v1/shipments', { listener: 'tls', token, certificate: acme.certificate });
    expect(status).toBe(404);
  });
});

async function partnerCalled(name: string, digit: string): Promise<Partner> {
  const certificate = await api.authority.issueClient({ subject: `CN=${name}` });
  return { certificate, partnerId: `ptn_${digit.repeat(32)}`, clientId: `cli_${digit.repeat(32)}` };
}

function tokenOf(partner: Partner, scope: string, audience = AUDIENCE): Promise<string> {
  return api.issuer.mint({ ...partner, scopes: scope.split(' '), audience });
}

async function callAs(partner: Partner, path: string, sent: TestRequest = {}) {
  return api.call(path, { certificate: partner.certificate, token: await tokenOf(partner, EVERYTHING), ...sent });
}

function shipment(reference: string) {
  return { reference, origin: 'NLRTM', destination: 'SGSIN', weight_kg: 1250 };
}
