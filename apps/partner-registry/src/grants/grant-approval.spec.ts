import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AUDIENCE, EVERY_SCOPE, startRegistry, type TestRegistry } from '../registry.testing.js';

const CUSTOMS = 'https://customs.example';

let registry: TestRegistry;
let clientId: string;
/** of another operator than the one who sends whatever names no token */
let second: string;
let secondClient: string;
let number = 0;

beforeAll(async () => {
  registry = await startRegistry();
  const scopes = [
    { name: 'declarations:file', description: 'File declarations.', sensitivity: 'sensitive' },
    { name: 'declarations:read', description: 'See declarations.', sensitivity: 'sensitive', needs_approval: false },
    { name: 'duties:read', description: 'See duties.', needs_approval: true },
  ];
  await registry.post('/v1/resource-servers', {
    audience: CUSTOMS,
    name: 'Customs',
    environment: 'production',
    scopes,
  });
  secondClient = `cli_${'d'.repeat(32)}`;
  second = await tokenOf(secondClient);
});

afterAll(() => registry?.stop());

beforeEach(async () => {
  clientId = await newClient();
});

const tokenOf = (clientId: string, scopes: readonly string[] = EVERY_SCOPE) =>
  registry.issuer.mint({ certificate: registry.operator, audience: AUDIENCE, scopes, clientId });

async function newClient(): Promise<string> {
  const partner = { slug: `partner-${++number}`, legal_name: 'Acme' };
  const { id: partner_id } = (await registry.post('/v1/partners', partner)).body;
  const request = { partner_id, client_name: 'Importer', environment: 'production' };
  return (await registry.post('/v1/clients', request)).body.id;
}

const ask = (scope: string, fields: object = {}, token?: string) =>
  registry.post(
    `/v1/clients/${clientId}/scopes`,
    { audience: CUSTOMS, scopes: [scope], ...fields },
    token === undefined ? {} : { token },
  );
const decide = (id: string, action: string, token = second) =>
  registry.act(`/v1/grants/${id}/${action}`, { reason: 'because' }, { token });

async function requested(): Promise<string> {
  const { items } = (await ask('declarations:file')).body;
  expect(items).toMatchObject([{ status: 'requested' }]);
  return items[0].id;
}

async function published(): Promise<string[]> {
  const sql = 'SELECT grants FROM registry.registered_client WHERE client_id = $1';
  const [row] = await registry.database.query(sql, [clientId], registry.database.tokenServiceUrl);
  return row.grants.map(({ scope }: { scope: string }) => scope);
}

async function recordOf(scope: string): Promise<string | undefined> {
  const subject = JSON.stringify({ client_id: clientId, audience: CUSTOMS, scope });
  const sql = 'SELECT mode FROM token.revocation WHERE subject = $1';
  return (await registry.database.query(sql, [subject], registry.database.adminUrl))[0]?.mode;
}

describe('a scope that needs approval', () => {
  it('is sensitive by default or says so; its grant is only requested', async () => {
    expect((await ask('declarations:read')).body.items).toMatchObject([{ status: 'active' }]);
    expect((await ask('duties:read')).body.items).toMatchObject([{ status: 'requested', decided_by: null }]);
    const id = await requested();
    expect((await registry.call(`/v1/grants/${id}`)).body).toMatchObject({
      scope: 'declarations:file',
      audience: CUSTOMS,
      requested_by: expect.stringMatching(/^cli_c{32}$/),
    });
    expect(await published()).toEqual(['declarations:read']);
    const { items } = (await registry.call(`/v1/grants?status=requested&client_id=${clientId}&audience=${CUSTOMS}`))
      .body;
    expect(items).toHaveLength(2);
  });

  it('is approved by another operator', async () => {
    const id = await requested();
    expect(await decide(id, 'approve')).toMatchObject({
      status: 200,
      body: { status: 'active', decided_by: secondClient, status_reason: 'because', version: 2 },
    });
    expect(await published()).toEqual(['declarations:file']);
    expect(await decide(id, 'approve')).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
  });

  it('is never decided by who requested it, nor by the client it is for', async () => {
    const id = await requested();
    const own = await tokenOf(`cli_${'c'.repeat(32)}`);
    for (const token of [own, await tokenOf(clientId)]) {
      for (const action of ['approve', 'reject']) {
        expect(await decide(id, action, token)).toMatchObject({ status: 403, body: { code: 'own_request' } });
      }
    }
    expect(await published()).toEqual([]);
    expect((await decide(id, 'revoke', own)).body.status).toBe('revoked');
  });

  it('belongs to who asked last: asking again is no way round', async () => {
    const id = await requested();
    expect((await ask('declarations:file', {}, second)).body.items).toMatchObject([{ id, requested_by: secondClient }]);
    expect(await decide(id, 'approve', second)).toMatchObject({ status: 403, body: { code: 'own_request' } });
  });

  it('needs the scope to approve, which that to grant is not', async () => {
    const id = await requested();
    const token = await tokenOf(
      secondClient,
      EVERY_SCOPE.filter((scope) => scope !== 'registry:grants:approve'),
    );
    expect(await decide(id, 'approve', token)).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
  });

  it('is approved once when two approve at the same moment', async () => {
    const id = await requested();
    const third = await tokenOf(`cli_${'e'.repeat(32)}`);
    const answers = await Promise.all([decide(id, 'approve'), decide(id, 'approve', third), decide(id, 'reject')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  it('is rejected, and can be asked for again', async () => {
    const id = await requested();
    expect((await decide(id, 'reject')).body).toMatchObject({ status: 'rejected', decided_by: secondClient });
    expect(await published()).toEqual([]);
    expect((await ask('declarations:file')).body.items).toMatchObject([{ id, status: 'requested', decided_by: null }]);
    expect((await decide(id, 'approve')).status).toBe(200);
  });

  it('is not extended by asking again, only shortened', async () => {
    const valid_until = '2030-01-01T00:00:00.000Z';
    const [{ id }] = (await ask('declarations:file', { valid_until })).body.items;
    await decide(id, 'approve');
    expect(await ask('declarations:file')).toMatchObject({ status: 409, body: { code: 'approval_pending' } });
    const later = await ask('declarations:file', { valid_until: '2031-01-01T00:00:00Z' });
    expect(later.body.code).toBe('approval_pending');
    const sooner = await ask('declarations:file', { valid_until: '2029-01-01T00:00:00Z' });
    expect(sooner.body.items).toMatchObject([{ status: 'active', decided_by: secondClient }]);
  });
});

describe('revoking a grant', () => {
  it('takes it away at once; granting it again brings it back', async () => {
    const [{ id }] = (await ask('declarations:read')).body.items;
    expect((await decide(id, 'revoke')).body).toMatchObject({ status: 'revoked', status_reason: 'because' });
    expect(await recordOf('declarations:read')).toBe('off');
    expect(await published()).toEqual([]);
    expect((await decide(id, 'revoke')).status).toBe(409);
    expect((await ask('declarations:read')).body.items).toMatchObject([{ id, status: 'active', status_reason: null }]);
    expect(await recordOf('declarations:read')).toBe('cutoff');
    expect(await published()).toEqual(['declarations:read']);
  });

  it('a revoked sensitive one waits for approval again', async () => {
    const id = await requested();
    await decide(id, 'approve');
    await decide(id, 'revoke');
    await ask('declarations:file');
    expect(await recordOf('declarations:file')).toBe('off');
    expect(await published()).toEqual([]);
    await decide(id, 'approve');
    expect(await recordOf('declarations:file')).toBe('cutoff');
    expect(await published()).toEqual(['declarations:file']);
  });

  it('needs a reason, and a grant', async () => {
    const [{ id }] = (await ask('declarations:read')).body.items;
    expect((await registry.act(`/v1/grants/${id}/revoke`, {})).status).toBe(400);
    expect((await decide(`grt_${'0'.repeat(32)}`, 'revoke')).status).toBe(404);
    for (const query of ['status=on', 'client_id=x', 'audience=x', 'scope=x']) {
      expect((await registry.call(`/v1/grants?${query}`)).status).toBe(400);
    }
  });
});

describe('a resource server', () => {
  const newServer = async (fields: object = {}) => {
    const request = { audience: `https://api-${++number}.example`, name: 'API', environment: 'production', scopes: [] };
    return (await registry.post('/v1/resource-servers', { ...request, ...fields })).body;
  };
  const server = (id: string) => `/v1/resource-servers/${id}`;

  it('is read, found by audience, and changed in name and algorithm only', async () => {
    const created = await newServer();
    expect(created).toMatchObject({ signing_alg: 'ES256', scopes: [] });
    expect((await registry.call(server(created.id))).body).toEqual(created);
    expect((await registry.call(`/v1/resource-servers?audience=${created.audience}`)).body.items).toEqual([created]);
    const changed = await registry.patch(server(created.id), { name: 'B', signing_alg: 'PS256' }, 1);
    expect(changed).toMatchObject({ status: 200, body: { name: 'B', signing_alg: 'PS256', version: 2, scopes: [] } });
    for (const patch of [
      { audience: 'https://b.example' },
      { environment: 'sandbox' },
      { scopes: [] },
      { name: null },
      { signing_alg: 'RS256' },
    ]) {
      expect((await registry.patch(server(created.id), patch, 2)).status).toBe(400);
    }
  });

  it('keeps an algorithm that the issuer has keys of, if it is the issuer’s own or the registry’s', async () => {
    const asked = { audience: registry.issuer.issuer, name: 'Token service', environment: 'production', scopes: [] };
    await registry.post('/v1/resource-servers', asked);
    for (const audience of [AUDIENCE, registry.issuer.issuer]) {
      const [found] = (await registry.call(`/v1/resource-servers?audience=${audience}`)).body.items;
      const patch = (signing_alg: string) => registry.patch(server(found.id), { signing_alg }, found.version);
      expect(await patch('PS256')).toMatchObject({
        status: 422,
        body: { code: 'algorithm_not_offered', errors: [{ pointer: '/signing_alg' }] },
      });
      expect((await registry.call(server(found.id))).body).toEqual(found);
      expect(await patch('ES256')).toMatchObject({ status: 200, body: { signing_alg: 'ES256' } });
    }
  });

  it('publishes its algorithm with every grant for it', async () => {
    const { id, audience } = await newServer({ signing_alg: 'EdDSA', scopes: [{ name: 'a', description: 'A' }] });
    await registry.post(`/v1/clients/${clientId}/scopes`, { audience, scopes: ['a'] });
    const algorithms = async () => {
      const sql = 'SELECT grants FROM registry.registered_client WHERE client_id = $1';
      const [row] = await registry.database.query(sql, [clientId], registry.database.tokenServiceUrl);
      return row.grants.map(({ signing_alg: name }: { signing_alg: string }) => name);
    };
    expect(await algorithms()).toEqual(['EdDSA']);
    await registry.patch(server(id), { signing_alg: 'ES256' }, 1);
    expect(await algorithms()).toEqual(['ES256']);
  });

  it('gets scopes later on, each name once, also at the same moment', async () => {
    const { id } = await newServer();
    const request = { name: 'a', description: 'A' };
    const answers = await Promise.all([1, 2, 3].map(() => registry.post(`${server(id)}/scopes`, request)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('scope_taken');
    const scope = answers.find(({ status }) => status === 201)!.body;
    const path = `/v1/scopes/${scope.id}`;
    expect((await registry.call(path)).body).toEqual(scope);
    expect(scope).toMatchObject({ sensitivity: 'normal', needs_approval: false, resource_server_id: id });
    const changed = await registry.patch(path, { needs_approval: true, description: 'B' }, 1);
    expect(changed).toMatchObject({ status: 200, body: { needs_approval: true, description: 'B', version: 2 } });
    for (const patch of [{ name: 'b' }, { description: null }, { sensitivity: 'secret' }]) {
      expect((await registry.patch(path, patch, 2)).status).toBe(400);
    }
  });

  it('has clients that may ask about its tokens, of its own environment', async () => {
    const { id } = await newServer();
    const clients = `${server(id)}/clients`;
    const link = (fields: object) => registry.post(clients, { client_id: clientId, may_introspect: true, ...fields });
    expect(await link({})).toMatchObject({
      status: 201,
      body: { may_introspect: true, may_follow_revocations: false },
    });
    const again = await link({ may_introspect: false, may_follow_revocations: true });
    expect(again.body).toMatchObject({ may_introspect: false, may_follow_revocations: true, version: 2 });
    expect((await registry.call(clients)).body.items).toEqual([again.body]);
    expect((await link({ may_introspect: false })).status).toBe(400);
    expect((await link({ client_id: `cli_${'0'.repeat(32)}` })).body.code).toBe('unknown_client');
    const sandbox = await newServer({ environment: 'sandbox' });
    const crossing = { client_id: clientId, may_introspect: true };
    const mismatch = await registry.post(`${server(sandbox.id)}/clients`, crossing);
    expect(mismatch.body.code).toBe('environment_mismatch');
    const unlink = (version: number) =>
      registry.call(`${clients}/${clientId}`, { method: 'DELETE', headers: { 'if-match': `"${version}"` } });
    expect((await unlink(1)).status).toBe(412);
    expect((await unlink(2)).status).toBe(204);
    expect((await unlink(2)).status).toBe(404);
    expect((await registry.call(clients)).body.items).toEqual([]);
  });
});
