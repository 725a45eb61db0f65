import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVERY_SCOPE, startRegistry, type TestRegistry } from '../registry.testing.js';

const RATES = 'https://rates.example';

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startRegistry();
});

afterAll(() => registry?.stop());

async function made(path: string, json: object, token?: string) {
  const { status, body } = await registry.post(path, json, token === undefined ? {} : { token });
  expect(status, `${path}: ${JSON.stringify(body)}`).toBe(201);
  return body;
}

const published = async (clientId: string) =>
  (
    await registry.database.query(
      'SELECT usable, introspects, grants, default_resource FROM registry.registered_client WHERE client_id = $1',
      [clientId],
      registry.database.tokenServiceUrl,
    )
  )[0];

/** What an operator sends when an API joins, in this order. */
async function addApi(token?: string): Promise<string> {
  const issuer = registry.issuer.issuer;
  const { partner_id } = (await registry.call(`/v1/clients/${registry.operatorClientId}`)).body;
  const scopes = [{ name: 'rates:read', description: 'See rates.' }];
  const server = await made('/v1/resource-servers', {
    audience: RATES,
    name: 'Rates',
    environment: 'production',
    scopes,
  });
  const client = await made(
    '/v1/clients',
    { partner_id, client_name: 'Rates API', environment: 'production', default_resource: issuer },
    token,
  );
  const { certificatePem: pem } = await registry.authority.issueClient({ subject: 'CN=rates,O=Platform' });
  await made(`/v1/clients/${client.id}/certificates`, { pem }, token);
  const rights = { client_id: client.id, may_introspect: true, may_follow_revocations: true };
  await made(`/v1/resource-servers/${server.id}/clients`, rights, token);
  const { items } = await made(
    `/v1/clients/${client.id}/scopes`,
    { audience: issuer, scopes: ['revocations:read'] },
    token,
  );
  expect(items).toMatchObject([{ status: 'active', audience: issuer, scope: 'revocations:read' }]);
  const activated = await registry.act(`/v1/clients/${client.id}/activate`, { reason: 'a new API' });
  expect(activated.status).toBe(200);
  return client.id;
}

it('one operator makes an API that joins later able to follow the revocations and to introspect, as bootstrap does', async () => {
  const { grants, ...rest } = await published(await addApi());
  expect(rest).toEqual({ usable: true, introspects: [RATES], default_resource: registry.issuer.issuer });
  expect(grants).toMatchObject([{ audience: registry.issuer.issuer, scope: 'revocations:read', valid_until: null }]);
});

it('nobody without registry:operators:write lets a client follow the revocations, of the platform or of a partner', async () => {
  const issuer = registry.issuer.issuer;
  const token = await registry.tokenWith(...EVERY_SCOPE.filter((scope) => scope !== 'registry:operators:write'));
  const { id: partner_id } = await made('/v1/partners', { slug: 'acme', legal_name: 'Acme' }, token);
  const request = { partner_id, client_name: 'Curious', environment: 'production' };
  const { id } = await made('/v1/clients', request, token);
  const [server] = (await registry.call(`/v1/resource-servers?audience=${issuer}`)).body.items;
  const scope = server.scopes[0].id;
  const refused = { status: 403, body: { code: 'operator_scope_required' } };
  for (const [path, json] of [
    [`/v1/clients/${id}/scopes`, { audience: issuer, scopes: ['revocations:read'] }],
    [`/v1/resource-servers/${server.id}/clients`, { client_id: id, may_introspect: true }],
    [`/v1/resource-servers/${server.id}/scopes`, { name: 'all:read', description: 'All.' }],
  ] as const) {
    expect(await registry.post(path, json, { token }), path).toMatchObject(refused);
  }
  const headers = { 'if-match': '"1"' };
  const weakened = await registry.patch(`/v1/scopes/${scope}`, { sensitivity: 'normal' }, 1, { token, headers });
  expect(weakened).toMatchObject(refused);
});

it('whoever wants four eyes on it sets needs_approval: then a second operator has to agree', async () => {
  const issuer = registry.issuer.issuer;
  const [server] = (await registry.call(`/v1/resource-servers?audience=${issuer}`)).body.items;
  const patched = await registry.patch(`/v1/scopes/${server.scopes[0].id}`, { needs_approval: true }, 1);
  expect(patched.status).toBe(200);
  const { id: partner_id } = await made('/v1/partners', { slug: 'globex', legal_name: 'Globex' });
  const { id } = await made('/v1/clients', { partner_id, client_name: 'API', environment: 'production' });
  const { items } = await made(`/v1/clients/${id}/scopes`, { audience: issuer, scopes: ['revocations:read'] });
  expect(items).toMatchObject([{ status: 'requested' }]);
});

it('an API of the sandbox cannot follow with a client of the sandbox, which never reaches production', async () => {
  const { id: partner_id } = await made('/v1/partners', { slug: 'initech', legal_name: 'Initech' });
  const { id } = await made('/v1/clients', { partner_id, client_name: 'Sandbox API', environment: 'sandbox' });
  const grant = { audience: registry.issuer.issuer, scopes: ['revocations:read'] };
  expect(await registry.post(`/v1/clients/${id}/scopes`, grant)).toMatchObject({
    status: 422,
    body: { code: 'environment_mismatch' },
  });
});
