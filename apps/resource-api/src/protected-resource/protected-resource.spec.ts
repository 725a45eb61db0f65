import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIENCE, startResourceApi, type TestResourceApi } from '../resource-api.testing.js';

let api: TestResourceApi;

beforeAll(async () => {
  api = await startResourceApi();
});

afterAll(() => api?.stop());

describe('what is open to everybody', () => {
  it.each(['tls', 'mtls'] as const)('are the RFC 9728 metadata, on %s', async (listener) => {
    const { status, headers, body } = await api.call('/.well-known/oauth-protected-resource', { listener });
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 200,
      type: expect.stringMatching(/^application\/json/),
    });
    expect(body).toEqual({
      resource: AUDIENCE,
      authorization_servers: [api.issuer.issuer],
      scopes_supported: ['shipments:read', 'shipments:write'],
      bearer_methods_supported: ['header'],
      tls_client_certificate_bound_access_tokens: true,
      resource_documentation: `${AUDIENCE}/docs`,
    });
  });

  it.each(['tls', 'mtls'] as const)('is the documentation, on %s', async (listener) => {
    const page = await api.call('/docs', { listener });
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    const { body: document } = await api.call('/docs/openapi.json', { listener });
    expect(document.info.description).toContain('.local/acme.p12');
    expect(document.info.description).toContain(`${AUDIENCE}/docs`);
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/v1/shipments', '/v1/shipments/{id}', '/.well-known/oauth-protected-resource']),
    );
    const paths = Object.values(document.paths as Record<string, Record<string, { operationId: string }>>);
    const operationIds = paths.flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(new Set(operationIds).size).toBe(operationIds.length);
    const { requestBody } = document.paths['/v1/shipments'].post;
    expect(Object.keys(requestBody.content['application/json'].examples)).toEqual(['containers', 'parcel']);
  });

  it('is readiness, on the management listener, once database, issuer keys and revocations are there', async () => {
    expect(await api.readiness()).toMatchObject({
      status: 200,
      body: { checks: { database: 'ok', issuer_keys: 'ok', revocations: 'ok' } },
    });
  });
});
