import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIENCE, SHIPMENTS, startRegistry, type TestRegistry } from './registry.testing.js';

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startRegistry();
});

afterAll(() => registry?.stop());

describe('an operator onboards a partner', () => {
  it('partner, client, certificate, grants, activation: and each step can be read back', async () => {
    const request = { slug: 'acme', legal_name: 'Acme Logistics GmbH', display_name: 'Acme', country: 'DE' };
    const created = await registry.post('/v1/partners', request);
    expect(created).toMatchObject({
      status: 201,
      body: { ...request, status: 'pending', status_reason: null, version: 1 },
    });
    const partner = created.body;
    expect(partner.id).toMatch(/^ptn_[0-9a-f]{32}$/);
    expect(Object.keys(partner).sort()).toEqual([
      'country',
      'created_at',
      'display_name',
      'external_ref',
      'id',
      'labels',
      'legal_name',
      'metadata',
      'registration_number',
      'slug',
      'status',
      'status_reason',
      'updated_at',
      'version',
    ]);
    expect(created.headers['etag']).toBe('"1"');

    const newClient = {
      partner_id: partner.id,
      client_name: 'Importer',
      environment: 'production',
      default_resource: SHIPMENTS,
    };
    const client = await registry.post('/v1/clients', newClient);
    expect(client).toMatchObject({
      status: 201,
      body: {
        ...newClient,
        id: client.body.client_id,
        status: 'draft',
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_subject_dn: null,
        tls_client_auth_san_uri: null,
        certificate_policy: 'registered_only',
        access_token_ttl: 300,
        max_active_certificates: 3,
      },
    });
    expect(client.body.client_id).toMatch(/^cli_[0-9a-f]{32}$/);
    const clientPath = `/v1/clients/${client.body.id}`;

    const issued = await registry.authority.issueClient({ subject: 'CN=importer,O=Acme', uri: ['urn:acme:importer'] });
    const uploaded = await registry.call(`${clientPath}/certificates`, {
      method: 'POST',
      raw: { type: 'application/x-pem-file', text: issued.certificatePem },
    });
    expect(uploaded).toMatchObject({
      status: 201,
      body: {
        client_id: client.body.id,
        source: 'uploaded',
        status: 'active',
        thumbprint: issued.thumbprint,
        subject_dn: 'CN=importer,O=Acme',
        issuer_dn: 'CN=Test Authority',
        subject_alternative_names: [{ kind: 'uri', value: 'urn:acme:importer' }],
        key: { type: 'ec', curve: 'P-256' },
        revoked_at: null,
      },
    });
    expect(uploaded.body.checks.map((check: { result: string }) => check.result)).not.toContain('fail');
    expect(await registry.call(`/v1/certificates/${uploaded.body.id}`)).toMatchObject({
      status: 200,
      body: uploaded.body,
    });
    expect((await registry.call(`${clientPath}/certificates`)).body).toEqual({
      items: [uploaded.body],
      next_cursor: null,
    });
    expect((await registry.call(clientPath)).body).toMatchObject({ tls_client_auth_subject_dn: 'CN=importer,O=Acme' });

    const grants = await registry.post(`${clientPath}/scopes`, {
      audience: SHIPMENTS,
      scopes: ['shipments:read', 'shipments:write'],
    });
    expect(grants).toMatchObject({
      status: 201,
      body: {
        items: [
          {
            audience: SHIPMENTS,
            scope: 'shipments:read',
            status: 'active',
            valid_until: null,
            client_id: client.body.id,
          },
          { audience: SHIPMENTS, scope: 'shipments:write', status: 'active', valid_until: null },
        ],
      },
    });
    const { items } = grants.body;
    expect((await registry.call(`${clientPath}/scopes`)).body).toEqual({ items, next_cursor: null });

    const active = await registry.act(`${clientPath}/activate`, { reason: 'tests passed' });
    expect(active).toMatchObject({ status: 200, body: { status: 'active', status_reason: 'tests passed' } });
    const activePartner = await registry.act(`/v1/partners/${partner.id}/activate`, { reason: 'contract signed' });
    expect(activePartner).toMatchObject({ status: 200, body: { status: 'active', version: 2 } });
    expect(activePartner.headers['etag']).toBe('"2"');
    expect((await registry.call(`/v1/partners/${partner.id}`)).body).toEqual(activePartner.body);
  });

  it('registers a resource server and finds it in the list, besides the registry itself', async () => {
    const request = {
      audience: 'https://invoices.example',
      name: 'Invoices',
      environment: 'sandbox',
      scopes: [{ name: 'invoices:read', description: 'See invoices.' }],
    };
    const created = await registry.post('/v1/resource-servers', request);
    expect(created).toMatchObject({ status: 201, body: request });
    expect(created.body.id).toMatch(/^rsv_[0-9a-f]{32}$/);
    const { items } = (await registry.call('/v1/resource-servers')).body;
    expect(items).toContainEqual(created.body);
    expect(items.map(({ audience }: { audience: string }) => audience)).toEqual(
      expect.arrayContaining([AUDIENCE, SHIPMENTS]),
    );
  });
});
