import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AUDIENCE,
  EVERY_SCOPE,
  SHIPMENTS,
  startRegistry,
  type TestRegistry,
  type TestRequest,
} from './registry.testing.js';

const ID = '0'.repeat(32);

/** Every route under /v1 with the one scope it needs. */
const ROUTES: readonly [method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, scope: string][] = [
  ['GET', '/v1/partners', 'registry:partners:read'],
  ['GET', `/v1/partners/ptn_${ID}`, 'registry:partners:read'],
  ['POST', '/v1/partners', 'registry:partners:write'],
  ['POST', `/v1/partners/ptn_${ID}/activate`, 'registry:partners:write'],
  ['POST', `/v1/partners/ptn_${ID}/suspend`, 'registry:partners:write'],
  ['POST', `/v1/partners/ptn_${ID}/reinstate`, 'registry:partners:write'],
  ['PATCH', `/v1/partners/ptn_${ID}`, 'registry:partners:write'],
  ['POST', `/v1/partners/ptn_${ID}/offboard`, 'registry:partners:write'],
  ['POST', `/v1/partners/ptn_${ID}/revoke-tokens`, 'registry:partners:write'],
  ['GET', `/v1/partners/ptn_${ID}/contacts`, 'registry:contacts:read'],
  ['POST', `/v1/partners/ptn_${ID}/contacts`, 'registry:contacts:write'],
  ['GET', `/v1/contacts/ctc_${ID}`, 'registry:contacts:read'],
  ['PATCH', `/v1/contacts/ctc_${ID}`, 'registry:contacts:write'],
  ['DELETE', `/v1/contacts/ctc_${ID}`, 'registry:contacts:write'],
  ['GET', '/v1/clients', 'registry:clients:read'],
  ['GET', `/v1/clients/cli_${ID}`, 'registry:clients:read'],
  ['POST', '/v1/clients', 'registry:clients:write'],
  ['POST', `/v1/clients/cli_${ID}/activate`, 'registry:clients:write'],
  ['POST', `/v1/clients/cli_${ID}/suspend`, 'registry:clients:write'],
  ['POST', `/v1/clients/cli_${ID}/reinstate`, 'registry:clients:write'],
  ['PATCH', `/v1/clients/cli_${ID}`, 'registry:clients:write'],
  ['POST', `/v1/clients/cli_${ID}/retire`, 'registry:clients:write'],
  ['POST', `/v1/clients/cli_${ID}/revoke-tokens`, 'registry:clients:write'],
  ['GET', `/v1/clients/cli_${ID}/trust-anchors`, 'registry:clients:read'],
  ['PUT', `/v1/clients/cli_${ID}/trust-anchors`, 'registry:clients:write'],
  ['POST', `/v1/clients/cli_${ID}/trust-anchors`, 'registry:clients:write'],
  ['DELETE', `/v1/clients/cli_${ID}/trust-anchors/anc_${ID}`, 'registry:clients:write'],
  ['GET', '/v1/trust-anchors', 'registry:trust-anchors:read'],
  ['POST', '/v1/trust-anchors', 'registry:trust-anchors:write'],
  ['GET', `/v1/trust-anchors/anc_${ID}`, 'registry:trust-anchors:read'],
  ['PATCH', `/v1/trust-anchors/anc_${ID}`, 'registry:trust-anchors:write'],
  ['GET', `/v1/trust-anchors/anc_${ID}/dependents`, 'registry:trust-anchors:read'],
  ['POST', `/v1/trust-anchors/anc_${ID}/retire`, 'registry:trust-anchors:write'],
  ['GET', `/v1/trust-anchors/anc_${ID}/crls`, 'registry:trust-anchors:read'],
  ['POST', `/v1/trust-anchors/anc_${ID}/crls`, 'registry:trust-anchors:write'],
  ['GET', `/v1/trust-anchors/anc_${ID}/impact`, 'registry:trust-anchors:read registry:clients:read'],
  ['GET', `/v1/partners/ptn_${ID}/impact`, 'registry:partners:read registry:clients:read'],
  ['GET', `/v1/clients/cli_${ID}/impact`, 'registry:clients:read'],
  ['GET', `/v1/grants/grt_${ID}/impact`, 'registry:grants:read registry:clients:read'],
  ['GET', `/v1/certificates/crt_${ID}/impact`, 'registry:certificates:read registry:clients:read'],
  ['GET', '/v1/certificates', 'registry:certificates:read'],
  ['GET', '/v1/certificates/expiry-summary', 'registry:certificates:read'],
  ['POST', '/v1/certificates/validate', 'registry:certificates:read'],
  ['GET', `/v1/certificates/crt_${ID}.pem`, 'registry:certificates:read'],
  ['POST', `/v1/certificates/crt_${ID}/activate`, 'registry:certificates:write'],
  ['POST', `/v1/certificates/crt_${ID}/supersede`, 'registry:certificates:write'],
  ['POST', `/v1/certificates/crt_${ID}/withdraw-dates`, 'registry:certificates:write'],
  ['GET', `/v1/clients/cli_${ID}/certificates`, 'registry:certificates:read'],
  ['GET', `/v1/certificates/crt_${ID}`, 'registry:certificates:read'],
  ['POST', `/v1/clients/cli_${ID}/certificates`, 'registry:certificates:write'],
  ['POST', `/v1/certificates/crt_${ID}/revoke`, 'registry:certificates:write'],
  ['POST', `/v1/clients/cli_${ID}/certificate-requests`, 'registry:certificates:write'],
  ['GET', `/v1/clients/cli_${ID}/certificate-requests`, 'registry:certificates:read'],
  ['POST', '/v1/certificate-requests/validate', 'registry:certificates:read'],
  ['GET', '/v1/certificate-requests', 'registry:certificates:read'],
  ['GET', `/v1/certificate-requests/crq_${ID}`, 'registry:certificates:read'],
  ['POST', `/v1/certificate-requests/crq_${ID}/approve`, 'registry:certificates:approve'],
  ['POST', `/v1/certificate-requests/crq_${ID}/reject`, 'registry:certificates:approve'],
  ['GET', `/v1/clients/cli_${ID}/scopes`, 'registry:grants:read'],
  ['POST', `/v1/clients/cli_${ID}/scopes`, 'registry:grants:write'],
  ['GET', '/v1/grants', 'registry:grants:read'],
  ['GET', `/v1/grants/grt_${ID}`, 'registry:grants:read'],
  ['POST', `/v1/grants/grt_${ID}/approve`, 'registry:grants:approve'],
  ['POST', `/v1/grants/grt_${ID}/reject`, 'registry:grants:approve'],
  ['POST', `/v1/grants/grt_${ID}/revoke`, 'registry:grants:write'],
  ['GET', `/v1/resource-servers/rsv_${ID}`, 'registry:resource-servers:read'],
  ['PATCH', `/v1/resource-servers/rsv_${ID}`, 'registry:resource-servers:write'],
  ['POST', `/v1/resource-servers/rsv_${ID}/scopes`, 'registry:resource-servers:write'],
  ['GET', `/v1/resource-servers/rsv_${ID}/clients`, 'registry:resource-servers:read'],
  ['POST', `/v1/resource-servers/rsv_${ID}/clients`, 'registry:resource-servers:write'],
  ['DELETE', `/v1/resource-servers/rsv_${ID}/clients/cli_${ID}`, 'registry:resource-servers:write'],
  ['GET', `/v1/scopes/scp_${ID}`, 'registry:resource-servers:read'],
  ['PATCH', `/v1/scopes/scp_${ID}`, 'registry:resource-servers:write'],
  ['GET', '/v1/resource-servers', 'registry:resource-servers:read'],
  ['POST', '/v1/resource-servers', 'registry:resource-servers:write'],
  ['GET', '/v1/audit-events', 'registry:audit:read'],
  ['GET', '/v1/changes', 'registry:changes:read'],
  ['POST', '/v1/revoke-all-tokens', 'registry:operators:write'],
];

function bodyOf(method: string): TestRequest {
  if (method === 'PATCH') return { raw: { type: 'application/merge-patch+json', text: '{}' } };
  return method === 'POST' || method === 'PUT' ? { json: {} } : {};
}

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startRegistry();
});

afterAll(() => registry?.stop());

describe.each(ROUTES)('%s %s', (method, path, scope) => {
  const send = (request: TestRequest) => registry.call(path, { method, ...bodyOf(method), ...request });

  it('needs a token', async () => {
    const answer = await send({ token: null });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it(`needs ${scope}, and every other scope does not help`, async () => {
    const needed = scope.split(' ');
    const others = EVERY_SCOPE.filter((other) => !needed.includes(other));
    const answer = await send({ token: await registry.tokenWith(...others) });
    expect(answer).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    expect(answer.headers['www-authenticate']).toContain(`scope="${scope}"`);
    const enough = await send({ token: await registry.tokenWith(...needed) });
    expect([200, 400, 404]).toContain(enough.status);
  });

  it('is on the listener that asks for a certificate only', async () => {
    expect(await send({ listener: 'tls' })).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

function documentedPath(path: string): string {
  return path
    .replace(/\/trust-anchors\/anc_0+$/, (end) => (path.includes('/clients/') ? '/trust-anchors/{anchor}' : end))
    .replace(/\/clients\/cli_0+$/, (end) => (path.includes('/resource-servers/') ? '/clients/{client}' : end))
    .replace(/[a-z]{3}_0+/, '{id}');
}

it('the table above is complete', async () => {
  const { paths } = (await registry.call('/docs/openapi.json')).body as { paths: Record<string, object> };
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const tested = ROUTES.map(([method, path]) => `${method} ${documentedPath(path)}`);
  expect(documented.filter((route) => route.includes('/v1/')).sort()).toEqual(tested.sort());
});

describe('a stolen token', () => {
  it('is refused with another certificate, and with none', async () => {
    const certificate = await registry.authority.issueClient({ subject: 'CN=operator,O=Platform' });
    for (const request of [{ certificate }, { certificate: null }]) {
      const answer = await registry.call('/v1/partners', request);
      expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    }
    expect((await registry.call('/v1/partners')).status).toBe(200);
  });

  it('made for another API is refused', async () => {
    const grant = { certificate: registry.operator, scopes: EVERY_SCOPE, audience: SHIPMENTS };
    const token = await registry.issuer.mint(grant);
    expect(await registry.call('/v1/partners', { token })).toMatchObject({
      status: 401,
      body: { code: 'invalid_token' },
    });
  });
});

describe('a partner’s own token', () => {
  it('opens nothing of the admin API', async () => {
    const certificate = await registry.authority.issueClient({ subject: 'CN=importer,O=Acme' });
    const scopes = ['shipments:read', 'shipments:write', 'revocations:read'];
    const token = await registry.issuer.mint({ certificate, audience: AUDIENCE, scopes });
    const call = ([method, path]: (typeof ROUTES)[number]) =>
      registry.call(path, { method, ...bodyOf(method), certificate, token });
    for (const answer of await Promise.all(ROUTES.map(call))) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    }
  });
});

describe('an operator without registry:operators:write', () => {
  const PLAIN = EVERY_SCOPE.filter((scope) => scope !== 'registry:operators:write');
  let token: string;
  let platformId: string;

  beforeAll(async () => {
    token = await registry.tokenWith(...PLAIN);
    platformId = (await registry.call(`/v1/clients/${registry.operatorClientId}`)).body.partner_id;
  });

  const refused = { status: 403, body: { code: 'operator_scope_required' } };

  it('cannot widen itself through the platform’s partner or its clients', async () => {
    const operator = `/v1/clients/${registry.operatorClientId}`;
    const { certificatePem: pem } = await registry.authority.issueClient({ subject: 'CN=operator,O=Platform' });
    const reason = { reason: 'because' };
    const [certificate] = (await registry.call(`${operator}/certificates`)).body.items;
    const attempts: [string, object][] = [
      [`${operator}/certificates`, { pem }],
      [`${operator}/suspend`, reason],
      [`${operator}/scopes`, { audience: SHIPMENTS, scopes: ['shipments:read'] }],
      [`/v1/certificates/${certificate.id}/revoke`, { reason: 'unspecified' }],
      [`/v1/partners/${platformId}/suspend`, reason],
      ['/v1/clients', { partner_id: platformId, client_name: 'Mine' }],
    ];
    for (const [path, json] of attempts) expect(await registry.act(path, json, { token }), path).toMatchObject(refused);
  });

  it('cannot make an operator of a partner’s client, and cannot take over one that is', async () => {
    const partner_id = (await registry.post('/v1/partners', { slug: 'acme', legal_name: 'Acme' })).body.id;
    const newClient = { partner_id, client_name: 'Importer', environment: 'production' };
    const client = `/v1/clients/${(await registry.post('/v1/clients', newClient)).body.id}`;
    const grant = { audience: AUDIENCE, scopes: ['registry:partners:read'] };
    expect(await registry.post(`${client}/scopes`, grant, { token })).toMatchObject(refused);
    const { certificatePem: pem } = await registry.authority.issueClient({ subject: 'CN=importer' });
    expect((await registry.post(`${client}/certificates`, { pem }, { token })).status).toBe(201);
    expect((await registry.post(`${client}/scopes`, grant)).status).toBe(201);
    const { certificatePem: own } = await registry.authority.issueClient({ subject: 'CN=importer' });
    expect(await registry.post(`${client}/certificates`, { pem: own }, { token })).toMatchObject(refused);
    expect((await registry.post(`${client}/certificates`, { pem: own })).status).toBe(201);
  });
});

describe('open to everybody, on both listeners', () => {
  it.each(['tls', 'mtls'] as const)('the problems and the documentation, on %s', async (listener) => {
    const anybody: TestRequest = { listener, token: null, certificate: null };
    const problem = await registry.call('/problems/key_in_use', anybody);
    expect(problem).toMatchObject({ status: 200, body: { code: 'key_in_use', status: 409, title: 'Key in use' } });
    expect(Object.keys(problem.body).sort()).toEqual(['code', 'explanation', 'status', 'title']);
    for (const unknown of ['nonsense', 'constructor', '__proto__']) {
      expect((await registry.call(`/problems/${unknown}`, anybody)).status).toBe(404);
    }
    expect((await registry.call('/docs', anybody)).body).toContain('swagger-ui');
    const { body } = await registry.call('/docs/openapi.json', anybody);
    expect(body).toMatchObject({ openapi: '3.1.0', info: { title: 'Partner registry' } });
    for (const word of ['operator.p12', 'curl --cacert "$CA"', 'Authorize'])
      expect(body.info.description).toContain(word);
  });

  it('a type of every refusal leads to its explanation', async () => {
    const { body } = await registry.call('/v1/partners?x=1');
    expect(await registry.call(body.type, { token: null })).toMatchObject({ status: 200, body: { code: body.code } });
  });
});

describe('a malformed request', () => {
  const sendRaw = (type: string, text: string) =>
    registry.call('/v1/partners', { method: 'POST', raw: { type, text } });

  it('has the right status and code, never 500', async () => {
    expect(await sendRaw('application/json', '{')).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
    expect(await sendRaw('application/json', '')).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
    expect(await sendRaw('text/xml', '<a/>')).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
    expect(await sendRaw('application/x-pem-file', 'x')).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
    expect(await registry.call('/v1/partners', { method: 'PUT' })).toMatchObject({ status: 405 });
    expect(await registry.call('/v1/nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await registry.call('/v1/partners/%zz')).toMatchObject({ status: 400, body: { code: 'malformed_url' } });
  });
});

it('the registry is ready when it reaches its database and holds the issuer’s keys', async () => {
  expect(await registry.readiness()).toMatchObject({
    status: 200,
    body: { checks: { database: 'ok', issuer_keys: 'ok', revocations: 'ok' } },
  });
});
