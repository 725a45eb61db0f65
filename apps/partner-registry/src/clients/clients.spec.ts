import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHIPMENTS, startRegistry, type TestRegistry } from '../registry.testing.js';

const NOBODY = `ptn_${'0'.repeat(32)}`;

let registry: TestRegistry;
let partnerId: string;

beforeAll(async () => {
  registry = await startRegistry();
  partnerId = (await registry.post('/v1/partners', { slug: 'acme', legal_name: 'Acme' })).body.id;
});

afterAll(() => registry?.stop());

const register = (fields: object = {}) =>
  registry.post('/v1/clients', { partner_id: partnerId, client_name: 'Importer', ...fields });

const act = (id: string, action: string) => registry.act(`/v1/clients/${id}/${action}`, { reason: 'because' });

async function upload(id: string): Promise<void> {
  const { certificatePem: pem } = await registry.authority.issueClient({ subject: 'CN=importer' });
  expect((await registry.post(`/v1/clients/${id}/certificates`, { pem })).status).toBe(201);
}

describe('registering a client', () => {
  it('makes a sandbox draft with the shortest of rights unless told otherwise', async () => {
    const { body } = await register();
    expect(body).toMatchObject({
      environment: 'sandbox',
      status: 'draft',
      access_token_ttl: 300,
      default_resource: null,
    });
  });

  it.each([
    ['an unknown field', { status: 'active' }, '/status'],
    ['a client_id of its own choice (A9)', { client_id: `cli_${'0'.repeat(32)}` }, '/client_id'],
    ['a lifetime below a minute (A27)', { access_token_ttl: 59 }, '/access_token_ttl'],
    ['a lifetime above a quarter of an hour (A27)', { access_token_ttl: 901 }, '/access_token_ttl'],
    ['a fractional lifetime', { access_token_ttl: 60.5 }, '/access_token_ttl'],
    ['another environment', { environment: 'staging' }, '/environment'],
    ['a malformed partner_id', { partner_id: 'acme' }, '/partner_id'],
    ['a default resource without https', { default_resource: 'http://api.example' }, '/default_resource'],
    ['a subject that is no name', { tls_client_auth_subject_dn: 'not a name' }, '/tls_client_auth_subject_dn'],
    ['an empty subject', { tls_client_auth_subject_dn: '' }, '/tls_client_auth_subject_dn'],
  ])('refuses %s, by JSON pointer', async (_, fields, pointer) => {
    expect(await register(fields)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ pointer }] },
    });
  });

  it('refuses what names nothing', async () => {
    expect(await register({ partner_id: NOBODY })).toMatchObject({
      status: 422,
      body: { code: 'unknown_partner', errors: [{ pointer: '/partner_id' }] },
    });
    expect(await register({ default_resource: 'https://nowhere.example' })).toMatchObject({
      status: 422,
      body: { code: 'unknown_audience', errors: [{ pointer: '/default_resource' }] },
    });
  });

  it('keeps sandbox clients off production resources', async () => {
    expect(await register({ environment: 'sandbox', default_resource: SHIPMENTS })).toMatchObject({
      status: 422,
      body: { code: 'environment_mismatch', errors: [{ pointer: '/default_resource' }] },
    });
    const allowed = await register({ environment: 'production', default_resource: SHIPMENTS });
    expect(allowed).toMatchObject({ status: 201, body: { default_resource: SHIPMENTS } });
  });

  it('answers the canonical text of a subject', async () => {
    const { body } = await register({
      tls_client_auth_subject_dn: '2.5.4.3=#0c08696d706f72746572 + OU=it, o=Acme\\2c Inc',
    });
    expect(body.tls_client_auth_subject_dn).toBe('CN=importer+OU=it,O=Acme\\, Inc');
  });
});

describe('activating a client', () => {
  it('is refused while something is missing, and says what', async () => {
    const bare = (await register()).body;
    const refused = await act(bare.id, 'activate');
    expect(refused).toMatchObject({ status: 409, body: { code: 'client_incomplete' } });
    expect(refused.body.detail).toMatch(/subject value.*active certificate/);
    const named = (await register({ tls_client_auth_subject_dn: 'CN=importer' })).body;
    const stillRefused = await act(named.id, 'activate');
    expect(stillRefused.body.detail).not.toContain('subject value');
    expect(stillRefused.body.detail).toContain('an active certificate');
    expect((await registry.call(`/v1/clients/${bare.id}`)).body).toMatchObject({ status: 'draft', version: 1 });
  });

  it('is refused when the only certificate was revoked', async () => {
    const { id } = (await register()).body;
    await upload(id);
    const [certificate] = (await registry.call(`/v1/clients/${id}/certificates`)).body.items;
    await registry.act(`/v1/certificates/${certificate.id}/revoke`, { reason: 'unspecified' });
    expect(await act(id, 'activate')).toMatchObject({ status: 409, body: { code: 'client_incomplete' } });
  });

  it('does not wait for the partner: its status is judged by the view', async () => {
    const { id } = (await register()).body;
    await upload(id);
    expect(await act(id, 'activate')).toMatchObject({ status: 200, body: { status: 'active' } });
  });
});

describe('the status of a client', () => {
  it('goes from active to suspended and back; every other way is a 409 that names the state', async () => {
    const { id } = (await register()).body;
    expect(await act(id, 'suspend')).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
    await upload(id);
    await act(id, 'activate');
    expect(await act(id, 'suspend')).toMatchObject({
      status: 200,
      body: { status: 'suspended', status_reason: 'because' },
    });
    const refused = await act(id, 'activate');
    expect(refused).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
    expect(refused.body.detail).toContain('suspended');
    expect(await act(id, 'reinstate')).toMatchObject({ status: 200, body: { status: 'active' } });
  });
});

describe('listing clients', () => {
  it('of one partner', async () => {
    const other = (await registry.post('/v1/partners', { slug: 'globex', legal_name: 'Globex' })).body.id;
    const { body } = await register({ partner_id: other });
    const list = await registry.call(`/v1/clients?partner_id=${other}`);
    expect({ ...list.body, items: [{ ...list.body.items[0], warnings: [] }] }).toEqual({
      items: [body],
      next_cursor: null,
    });
    expect(list.body.items).toHaveLength(1);
    const paged = await registry.call(`/v1/clients?partner_id=${partnerId}&limit=1`);
    expect(paged.headers['link']).toMatch(new RegExp(`^</v1/clients\\?partner_id=${partnerId}&limit=1&cursor=`));
  });

  it('refuses a malformed partner_id and what it does not know', async () => {
    expect((await registry.call('/v1/clients?partner_id=acme')).status).toBe(400);
    expect((await registry.call('/v1/clients?name=x')).status).toBe(400);
  });

  it('answers 404 for an identifier that names nothing', async () => {
    for (const path of ['', '/certificates', '/scopes']) {
      expect((await registry.call(`/v1/clients/cli_${'0'.repeat(32)}${path}`)).status).toBe(404);
      expect((await registry.call(`/v1/clients/nonsense${path}`)).status).toBe(404);
    }
  });
});
