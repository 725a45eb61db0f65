import { createAuthority, createCertificationRequest, type Authority } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIssuingRegistry, type IssuingRegistry } from './certificate-requests/certificate-requests.testing.js';
import { AUDIENCE, EVERY_SCOPE, SHIPMENTS, type TestAnswer, type TestRequest } from './registry.testing.js';

// Codes that a route names and that no spec about its subject drives it into: the rules themselves are held there.

const NOBODY = '0'.repeat(32);
const REASON = { reason: 'because' };

let registry: IssuingRegistry;
let stranger: Authority;
/** An operator who holds less than others do. */
let weaker: string;
let number = 0;

beforeAll(async () => {
  [registry, stranger] = await Promise.all([startIssuingRegistry(), createAuthority({ name: 'Of somebody else' })]);
  weaker = await registry.issuer.mint({
    certificate: registry.operator,
    scopes: EVERY_SCOPE.filter((scope) => scope !== 'registry:audit:read'),
    audience: AUDIENCE,
    clientId: registry.secondClientId,
  });
});

afterAll(() => registry?.stop());

const read = async (path: string) => (await registry.call(path)).body;
const act = (path: string, json: object = REASON, sent: TestRequest = {}) => registry.act(path, json, sent);
const change = (method: 'PUT' | 'DELETE', path: string, json?: object, sent: TestRequest = {}) =>
  registry.call(path, { method, json, headers: { 'if-match': '*' }, ...sent });

async function made(path: string, json: object, sent: TestRequest = {}) {
  const isAction = /\/(activate|retire|revoke|offboard)$/.test(path);
  const answer = await (isAction ? act(path, json, sent) : registry.post(path, json, sent));
  expect(answer.status, `${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
}

async function refused(code: string, calls: Record<string, () => Promise<TestAnswer>>): Promise<void> {
  for (const [what, call] of Object.entries(calls)) {
    const { status, body } = await call();
    expect([status >= 400, body.code], `${what}: ${JSON.stringify(body)}`).toEqual([true, code]);
  }
}

async function newPartner(): Promise<string> {
  const { id } = await made('/v1/partners', { slug: `partner-${++number}`, legal_name: 'Acme' });
  await made(`/v1/partners/${id}/activate`, REASON);
  return id;
}

async function newClient(fields: object = {}, partner_id?: string): Promise<string> {
  const request = {
    partner_id: partner_id ?? (await newPartner()),
    client_name: 'Importer',
    environment: 'production',
  };
  return (await made('/v1/clients', { ...request, ...fields })).id;
}

async function newCertificate(client: string, fields: object = {}): Promise<string> {
  const { certificatePem: pem } = await registry.authority.issueClient({ subject: `CN=importer-${client}` });
  return (await made(`/v1/clients/${client}/certificates`, { pem, ...fields })).id;
}

const newRequest = async (client: string, sent: TestRequest = {}) =>
  (await made(`/v1/clients/${client}/certificate-requests`, { csr: (await createCertificationRequest()).pem }, sent))
    .id;

async function newAnchor({ certificatePem: pem }: { certificatePem: string }): Promise<string> {
  const known = await read('/v1/trust-anchors?limit=200');
  const same = known.items.find((one: { pem: string }) => one.pem.trim() === pem.trim());
  return same?.id ?? (await made('/v1/trust-anchors', { name: 'Root', pem })).id;
}

/** A grant of the client for a scope that needs approval. */
async function newRequestedGrant(client: string): Promise<string> {
  const { id } = (await read(`/v1/resource-servers?audience=${SHIPMENTS}`)).items[0];
  const scope = { name: `sensitive:${++number}`, description: 'Sensitive.', needs_approval: true };
  await made(`/v1/resource-servers/${id}/scopes`, scope);
  const grants = await made(`/v1/clients/${client}/scopes`, { audience: SHIPMENTS, scopes: [scope.name] });
  return grants.items[0].id;
}

const certificateOf = async (client: string): Promise<string> =>
  (await read(`/v1/clients/${client}/certificates`)).items[0].id;
const grantOf = async (client: string, scope: string): Promise<string> =>
  (await read(`/v1/grants?client_id=${client}&limit=200`)).items.find(
    (grant: { scope: string }) => grant.scope === scope,
  ).id;

describe('each route is refused', () => {
  it('where there is nothing with the identifier', async () => {
    const client = `/v1/clients/cli_${NOBODY}`;
    const anchor = { trust_anchor_id: await newAnchor(stranger) };
    const { certificatePem: pem } = await registry.authority.issueClient({ subject: 'CN=x' });
    await refused('not_found', {
      ...Object.fromEntries(
        ['activate', 'suspend', 'reinstate', 'retire'].map((name) => [name, () => act(`${client}/${name}`)]),
      ),
      upload: () => registry.post(`${client}/certificates`, { pem }),
      grant: () => registry.post(`${client}/scopes`, { audience: SHIPMENTS, scopes: ['shipments:read'] }),
      link: () => registry.post(`${client}/trust-anchors`, anchor),
      replace: () => change('PUT', `${client}/trust-anchors`, { trust_anchor_ids: [] }),
      'impact of an anchor': () => registry.call(`/v1/trust-anchors/anc_${NOBODY}/impact?change=retire`),
      'impact of a grant': () => registry.call(`/v1/grants/grt_${NOBODY}/impact?change=revoke`),
    });
  });

  it('where its client is retired', async () => {
    const client = await newClient();
    const pending = await newCertificate(client, { activate: false });
    const grant = await newRequestedGrant(client);
    const granted = await made(`/v1/clients/${client}/scopes`, { audience: SHIPMENTS, scopes: ['shipments:read'] });
    const anchor = await newAnchor(stranger);
    const { id: server } = (await read(`/v1/resource-servers?audience=${SHIPMENTS}`)).items[0];
    await made(`/v1/clients/${client}/retire`, REASON);
    const another = { token: registry.second };
    await refused('client_retired', {
      'activate a certificate': () => act(`/v1/certificates/${pending}/activate`),
      'withdraw its dates': () => act(`/v1/certificates/${pending}/withdraw-dates`),
      link: () => registry.post(`/v1/clients/${client}/trust-anchors`, { trust_anchor_id: anchor }),
      replace: () => change('PUT', `/v1/clients/${client}/trust-anchors`, { trust_anchor_ids: [anchor] }),
      unlink: () => change('DELETE', `/v1/clients/${client}/trust-anchors/${anchor}`),
      impact: () => registry.call(`/v1/clients/${client}/impact?change=default_resource`),
      'link to a server': () =>
        registry.post(`/v1/resource-servers/${server}/clients`, { client_id: client, may_introspect: true }),
      'approve a grant': () => act(`/v1/grants/${grant}/approve`, REASON, another),
      'reject a grant': () => act(`/v1/grants/${grant}/reject`, REASON, another),
      'revoke a grant': () => act(`/v1/grants/${granted.items[0].id}/revoke`),
      'impact of a grant': () => registry.call(`/v1/grants/${granted.items[0].id}/impact?change=revoke`),
    });
  });

  it('to an operator who lacks what the client holds', async () => {
    const { operatorClientId: operator } = registry;
    const pending = await newCertificate(operator, { activate: false }).catch(() => undefined);
    const certificate = pending ?? (await certificateOf(operator));
    const request = await newRequest(operator);
    const anchor = await newAnchor(registry.authority);
    const sent = { token: weaker };
    const { pem: csr } = await createCertificationRequest();
    await refused('scope_not_held', {
      'activate a certificate': () => act(`/v1/certificates/${certificate}/activate`, REASON, sent),
      'withdraw its dates': () => act(`/v1/certificates/${certificate}/withdraw-dates`, REASON, sent),
      'ask for one': () => registry.post(`/v1/clients/${operator}/certificate-requests`, { csr }, sent),
      'approve a request': () => act(`/v1/certificate-requests/${request}/approve`, REASON, sent),
      link: () => registry.post(`/v1/clients/${operator}/trust-anchors`, { trust_anchor_id: anchor }, sent),
      replace: () => change('PUT', `/v1/clients/${operator}/trust-anchors`, { trust_anchor_ids: [anchor] }, sent),
      unlink: () => change('DELETE', `/v1/clients/${operator}/trust-anchors/${anchor}`, undefined, sent),
    });
  });

  it('where it would leave no operator, or the registry without its own client', async () => {
    const { operatorClientId: operator, registryClientId: itself } = registry;
    const [mine, other] = [await newAnchor(registry.authority), await newAnchor(stranger)];
    const only = (client: string) =>
      change('PUT', `/v1/clients/${client}/trust-anchors`, { trust_anchor_ids: [other] });
    for (const [client, code] of [
      [operator, 'last_operator'],
      [itself, 'registry_client_needed'],
    ] as const) {
      await refused(code, {
        replace: () => only(client),
        link: () => registry.post(`/v1/clients/${client}/trust-anchors`, { trust_anchor_id: other }),
      });
      await made(`/v1/clients/${client}/trust-anchors`, { trust_anchor_id: mine });
      await made(`/v1/clients/${client}/trust-anchors`, { trust_anchor_id: other });
      const certificate = await certificateOf(client);
      const grant = await grantOf(client, client === operator ? 'registry:operators:write' : 'revocations:read');
      await refused(code, {
        unlink: () => change('DELETE', `/v1/clients/${client}/trust-anchors/${mine}`),
        'impact of its certificate': () => registry.call(`/v1/certificates/${certificate}/impact?change=revoke`),
        'impact of its grant': () => registry.call(`/v1/grants/${grant}/impact?change=revoke`),
      });
    }
    const { partner_id: platform } = await read(`/v1/clients/${operator}`);
    await refused('last_operator', {
      'impact of its partner': () => registry.call(`/v1/partners/${platform}/impact?change=suspend`),
    });
  });

  it('where a planned change would be refused', async () => {
    const partner = await newPartner();
    const client = await newClient({}, partner);
    const sandbox = await newClient({ environment: 'sandbox' }, partner);
    const certificate = await newCertificate(client);
    const requested = await newRequestedGrant(client);
    const impact = (path: string) => registry.call(`${path}`);
    const of = (id: string, change: string) => impact(`/v1/clients/${id}/impact?change=${change}`);
    const target = (audience: string) => `default_resource&default_resource=${encodeURIComponent(audience)}`;
    await refused('unknown_audience', { 'to nowhere': () => of(client, target('https://nowhere.example')) });
    await refused('environment_mismatch', { 'to production': () => of(sandbox, target(SHIPMENTS)) });
    await refused('own_request', { approve: () => impact(`/v1/grants/${requested}/impact?change=approve`) });
    await made(`/v1/grants/${requested}/revoke`, REASON);
    await made(`/v1/certificates/${certificate}/revoke`, { reason: 'superseded' });
    await refused('invalid_transition', {
      'a grant that was revoked': () => impact(`/v1/grants/${requested}/impact?change=revoke`),
      'a certificate that was revoked': () => impact(`/v1/certificates/${certificate}/impact?change=revoke`),
    });
    await made(`/v1/partners/${partner}/offboard`, REASON);
    await refused('invalid_transition', {
      'a partner that was offboarded': () => impact(`/v1/partners/${partner}/impact?change=suspend`),
    });
  });

  it('where a client has as many certificates as it may have, or several were sent as one', async () => {
    const client = await newClient({ max_active_certificates: 1 });
    const request = await newRequest(client);
    await newCertificate(client);
    await refused('too_many_certificates', {
      approve: () => act(`/v1/certificate-requests/${request}/approve`, REASON, { token: registry.second }),
    });
    const leaves = await Promise.all([1, 2].map(() => registry.authority.issueClient({ subject: 'CN=one' })));
    const pem = leaves.map(({ certificatePem }) => certificatePem).join('');
    await refused('certificate_bundle', { validate: () => registry.post('/v1/certificates/validate', { pem }) });
  });
});
