import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AUDIENCE, EVERY_SCOPE, SHIPMENTS, startRegistry, type TestRegistry } from '../registry.testing.js';

const CUSTOMS = 'https://customs.example';

let registry: TestRegistry;
let partner_id: string;
let clientId: string;
let number = 0;

beforeAll(async () => {
  registry = await startRegistry();
  partner_id = (await registry.post('/v1/partners', { slug: 'acme', legal_name: 'Acme' })).body.id;
  await registry.act(`/v1/partners/${partner_id}/activate`, { reason: 'tested' });
  const scopes = [
    { name: 'declarations:read', description: 'See declarations.' },
    { name: 'declarations:file', description: 'File declarations.', needs_approval: true },
  ];
  await registry.post('/v1/resource-servers', {
    audience: CUSTOMS,
    name: 'Customs',
    environment: 'production',
    scopes,
  });
});

afterAll(() => registry?.stop());

beforeEach(async () => {
  const request = { partner_id, client_name: `Importer ${++number}`, environment: 'production' };
  clientId = (await registry.post('/v1/clients', request)).body.id;
});

const grant = (audience: string, fields: object = {}, query = '') =>
  registry.post(`/v1/clients/${clientId}/scopes${query}`, {
    audience,
    scopes: [audience === SHIPMENTS ? 'shipments:read' : 'declarations:read'],
    ...fields,
  });
const client = async () => (await registry.call(`/v1/clients/${clientId}`)).body;
const change = async (fields: object, query = '') =>
  registry.patch(`/v1/clients/${clientId}${query}`, fields, (await client()).version);
const impact = async (path: string) => {
  const answer = await registry.call(path);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};
/** as another operator than the one that asked */
const decide = async (id: string, action: string) =>
  registry.act(`/v1/grants/${id}/${action}`, { reason: 'agreed' }, { token: await another() });
const another = () =>
  registry.issuer.mint({
    certificate: registry.operator,
    audience: AUDIENCE,
    scopes: EVERY_SCOPE,
    clientId: `cli_${'d'.repeat(32)}`,
  });

async function activate(): Promise<void> {
  const { certificatePem: pem } = await registry.authority.issueClient({ subject: `CN=importer-${number}` });
  await registry.post(`/v1/clients/${clientId}/certificates`, { pem });
  const { status } = await registry.act(`/v1/clients/${clientId}/activate`, { reason: 'tested' });
  expect(status).toBe(200);
}

const needed = { code: 'resource_needed', detail: expect.stringContaining(SHIPMENTS) };

describe('A46: the first grant makes its API the default resource', () => {
  it('and says so; the second one leaves it, so that nothing is taken from a client that names no resource', async () => {
    expect(await grant(SHIPMENTS)).toMatchObject({ status: 201, body: { default_resource: SHIPMENTS, warnings: [] } });
    expect(await client()).toMatchObject({ default_resource: SHIPMENTS, version: 2 });
    expect((await grant(CUSTOMS)).body).toMatchObject({ default_resource: SHIPMENTS, warnings: [] });
    const events = await registry.call(`/v1/audit-events?target=${clientId}&action=client.changed`);
    expect(events.body.items).toHaveLength(1);
  });

  it('as does the approval of the first one, and not the request for it', async () => {
    const [asked] = (await grant(CUSTOMS, { scopes: ['declarations:file'] })).body.items;
    expect((await client()).default_resource).toBeNull();
    expect(await decide(asked.id, 'approve')).toMatchObject({
      status: 200,
      body: { status: 'active', default_resource: CUSTOMS, warnings: [] },
    });
  });

  it('unless told otherwise, and a later one does when it is told to', async () => {
    expect((await grant(SHIPMENTS, { set_default_resource: false })).body.default_resource).toBeNull();
    expect((await grant(CUSTOMS, { set_default_resource: true })).body).toMatchObject({
      default_resource: CUSTOMS,
      warnings: [{ code: 'audience_changed', detail: expect.stringContaining(SHIPMENTS) }],
    });
  });

  it('never over one that somebody chose', async () => {
    await change({ default_resource: CUSTOMS });
    expect((await grant(SHIPMENTS)).body).toMatchObject({ default_resource: CUSTOMS, warnings: [] });
  });

  it('a dry run says so and sets nothing', async () => {
    expect((await grant(SHIPMENTS, {}, '?dry_run=true')).body.default_resource).toBe(SHIPMENTS);
    expect((await client()).default_resource).toBeNull();
  });
});

describe('A46: what takes the token from a client that names no resource warns, in a dry run too', () => {
  it.each(['', '?dry_run=true'])('a grant for a second API where there is no default%s', async (query) => {
    await grant(SHIPMENTS, { set_default_resource: false });
    expect(await grant(CUSTOMS, {}, query)).toMatchObject({
      status: 201,
      body: { default_resource: null, warnings: [needed] },
    });
  });

  it('an approval of a grant for a second API', async () => {
    await grant(SHIPMENTS, { set_default_resource: false });
    const [asked] = (await grant(CUSTOMS, { scopes: ['declarations:file'] })).body.items;
    const foretold = await registry.call(`/v1/grants/${asked.id}/impact?change=approve`, { token: await another() });
    expect(foretold.body.items).toMatchObject([{ default_audience: SHIPMENTS, default_audience_afterwards: null }]);
    expect((await decide(asked.id, 'approve')).body).toMatchObject({ default_resource: null, warnings: [needed] });
  });

  it('revoking the grant of the default resource; impact foretells it', async () => {
    const [first] = (await grant(SHIPMENTS)).body.items;
    const [second] = (await grant(CUSTOMS)).body.items;
    await activate();
    const path = `/v1/grants/${first.id}/impact?change=revoke`;
    expect(await impact(path)).toMatchObject({
      totals: { clients: 1, cut_off: 0, loses_default_audience: 1, none: 0 },
      items: [{ effect: 'loses_default_audience', default_audience: SHIPMENTS, default_audience_afterwards: null }],
    });
    expect((await impact(path.replace(first.id, second.id))).totals).toMatchObject({ none: 1 });
    expect((await decide(first.id, 'revoke')).body).toMatchObject({ status: 'revoked', warnings: [needed] });
  });

  it('revoking the last grant; impact foretells it', async () => {
    const [only] = (await grant(SHIPMENTS)).body.items;
    await activate();
    expect(await impact(`/v1/grants/${only.id}/impact?change=revoke`)).toMatchObject({
      totals: { cut_off: 1, loses_default_audience: 0 },
      items: [{ effect: 'cut_off' }],
    });
    expect((await decide(only.id, 'revoke')).body.warnings).toMatchObject([{ code: 'nothing_granted' }]);
  });

  it('ending it by a date in the past', async () => {
    await grant(SHIPMENTS);
    await grant(CUSTOMS);
    const { body } = await grant(SHIPMENTS, { valid_until: '2020-01-01T00:00:00Z' });
    expect(body.warnings).toMatchObject([needed]);
  });

  it('taking the default away, or another one; impact foretells it', async () => {
    await grant(SHIPMENTS);
    await grant(CUSTOMS);
    await activate();
    const path = `/v1/clients/${clientId}/impact?change=default_resource`;
    expect((await impact(path)).items).toMatchObject([{ effect: 'loses_default_audience' }]);
    expect((await impact(`${path}&default_resource=${CUSTOMS}`)).items).toMatchObject([
      { effect: 'loses_default_audience', default_audience_afterwards: CUSTOMS },
    ]);
    expect((await change({ default_resource: null }, '?dry_run=true')).body.warnings).toMatchObject([needed]);
    expect((await change({ default_resource: CUSTOMS })).body.warnings).toMatchObject([{ code: 'audience_changed' }]);
    expect((await change({ client_name: 'Exporter' })).body.warnings).toEqual([]);
  });

  it('and nothing is said where nothing is taken', async () => {
    await grant(SHIPMENTS, { set_default_resource: false });
    const [second] = (await grant(CUSTOMS)).body.items;
    expect((await decide(second.id, 'revoke')).body.warnings).toEqual([]);
    expect((await change({ default_resource: SHIPMENTS })).body.warnings).toEqual([]);
  });
});
