import * as openid from 'openid-client';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import { clientCertificate, StackUnderTest } from './stack-under-test.js';

describe('a partner that uses openid-client', () => {
  const stack = new StackUnderTest();
  const { urls, serverCa } = stack.running;
  let partner: OnboardedPartner;
  let agent: Agent;
  let configuration: openid.Configuration;

  beforeAll(async () => {
    partner = await stack.onboard(await clientCertificate('CN=openid-client,O=Spec'));
    const { chainPem: cert, privateKeyPem: key } = partner.identity;
    agent = new Agent({ connect: { ca: serverCa, cert, key } });
    configuration = await openid.discovery(
      new URL(urls.issuer),
      partner.clientId,
      { use_mtls_endpoint_aliases: true },
      openid.TlsClientAuth(),
      { algorithm: 'oauth2', [openid.customFetch]: mutualTls },
    );
  });
  afterAll(() => agent.close());

  // undici's own types and those of lib.dom describe the same fetch
  function mutualTls(url: string, options: openid.CustomFetchOptions): Promise<Response> {
    return undiciFetch(url, { ...(options as object), dispatcher: agent }) as unknown as Promise<Response>;
  }

  it('A1, T5: discovers the token service and its alias for mutual TLS', () => {
    const metadata = configuration.serverMetadata();
    expect(metadata.issuer).toBe(urls.issuer);
    expect(metadata.mtls_endpoint_aliases?.token_endpoint).toBe(urls.tokenEndpoint);
  });

  it('A4, A26, R5: gets a token bound to its certificate and calls the API with it', async () => {
    const tokens = await openid.clientCredentialsGrant(configuration, { resource: urls.resource });
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 300 });
    expect(tokens.scope?.split(' ').sort()).toEqual(['shipments:read', 'shipments:write']);

    const shipments = new URL(`${urls.resource}/v1/shipments`);
    const body = JSON.stringify({ reference: 'OC-1', origin: 'NLRTM', destination: 'SGSIN', weight_kg: 10 });
    const headers = new Headers({ 'content-type': 'application/json' });
    const call = (method: string, payload?: string) =>
      openid.fetchProtectedResource(configuration, tokens.access_token, shipments, method, payload, headers);
    const booked = await call('POST', body);
    expect(booked.status).toBe(201);
    const { id } = (await booked.json()) as { id: string };
    const list = (await (await call('GET')).json()) as { items: { id: string }[] };
    expect(list.items.map((item) => item.id)).toEqual([id]);
  });

  it('A8, R6: gets only the scope it asks for, and 403 for what that does not allow', async () => {
    const tokens = await openid.clientCredentialsGrant(configuration, { scope: 'shipments:read' });
    expect(tokens.scope).toBe('shipments:read');
    const { identity } = partner;
    const json = { reference: 'OC-2', origin: 'NLRTM', destination: 'SGSIN', weight_kg: 10 };
    const call = { url: `${urls.resource}/v1/shipments`, identity, token: tokens.access_token };
    const refused = await stack.client.send({ ...call, json });
    expect(refused.status).toBe(403);
    expect(refused.headers['www-authenticate']).toContain('error="insufficient_scope"');
    expect(refused.headers['www-authenticate']).toContain('scope="shipments:write"');
    expect((await stack.client.send(call)).status).toBe(200);
  });

  it.each([
    ['a scope it was not granted', { scope: 'shipments:delete' }, 'invalid_scope'],
    ["the registry's audience", { resource: urls.registry }, 'invalid_target'],
    ['an unknown audience', { resource: 'https://localhost:1' }, 'invalid_target'],
  ])('A8, A24: is refused %s', async (_, wish, error) => {
    await expect(openid.clientCredentialsGrant(configuration, wish)).rejects.toMatchObject({ error, status: 400 });
  });
});
