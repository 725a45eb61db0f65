import * as oauth from 'oauth4webapi';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import { clientCertificate, StackUnderTest } from './stack-under-test.js';

// The client library below openid-client, which checks every answer by the letter of the RFCs.
describe('a partner that uses oauth4webapi', () => {
  const stack = new StackUnderTest();
  const { urls, serverCa } = stack.running;
  let partner: OnboardedPartner;
  let agent: Agent;
  let server: oauth.AuthorizationServer;
  let client: oauth.Client;

  beforeAll(async () => {
    partner = await stack.onboard(await clientCertificate('CN=oauth4webapi,O=Spec'));
    const { chainPem: cert, privateKeyPem: key } = partner.identity;
    agent = new Agent({ connect: { ca: serverCa, cert, key } });
    client = { client_id: partner.clientId, use_mtls_endpoint_aliases: true };
    const issuer = new URL(urls.issuer);
    const answer = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', [oauth.customFetch]: mutualTls });
    server = await oauth.processDiscoveryResponse(issuer, answer);
  });
  afterAll(() => agent.close());

  // undici's own types and those of lib.dom describe the same fetch, and the library tells a Response by its name
  function mutualTls(url: string, options: object): Promise<Response> {
    return undiciFetch(url, { ...options, dispatcher: agent }) as unknown as Promise<Response>;
  }

  async function grant(wishes: Record<string, string>): Promise<oauth.TokenEndpointResponse> {
    const options = { [oauth.customFetch]: mutualTls };
    const answer = await oauth.clientCredentialsGrantRequest(server, client, oauth.TlsClientAuth(), wishes, options);
    return oauth.processClientCredentialsResponse(server, client, answer);
  }

  it('A1, T5: discovers the issuer, binding to certificates, and the alias for mutual TLS', () => {
    expect(server).toMatchObject({
      issuer: urls.issuer,
      tls_client_certificate_bound_access_tokens: true,
      mtls_endpoint_aliases: { token_endpoint: urls.tokenEndpoint },
    });
    expect(server.token_endpoint).toBe(urls.tokenEndpoint); // nowhere else is a token issued
  });

  it('A4, A22: gets a token of the profile, bound to its certificate, and calls the API with it', async () => {
    const { access_token: token, expires_in } = await grant({ scope: 'shipments:read' });
    const [header, claims] = token.split('.').slice(0, 2).map(decoded);
    expect(header).toMatchObject({ typ: 'at+jwt', kid: expect.any(String) });
    expect(claims).toEqual({
      iss: urls.issuer,
      aud: urls.resource,
      sub: partner.clientId,
      client_id: partner.clientId,
      partner_id: partner.partnerId,
      scope: 'shipments:read',
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
      cnf: { 'x5t#S256': partner.identity.thumbprint },
    });
    // dated up to 4 s ahead where somebody's tokens were just revoked, and never living longer for it
    const { iat, exp } = claims as { iat: number; exp: number };
    expect(iat + Number(expires_in) - exp).toBeGreaterThanOrEqual(0);
    expect(iat + Number(expires_in) - exp).toBeLessThan(5);
    const shipments = new URL(`${urls.resource}/v1/shipments`);
    const options = { [oauth.customFetch]: mutualTls };
    expect((await oauth.protectedResourceRequest(token, 'GET', shipments, undefined, null, options)).status).toBe(200);
  });

  it('R5, R6: understands the challenge when it calls over another connection', async () => {
    const { access_token: token } = await grant({});
    const withoutCertificate = new Agent({ connect: { ca: serverCa } });
    const stolen = (url: string, options: object) =>
      undiciFetch(url, { ...options, dispatcher: withoutCertificate }) as unknown as Promise<Response>;
    const options = { [oauth.customFetch]: stolen };
    const shipments = new URL(`${urls.resource}/v1/shipments`);
    await expect(
      oauth.protectedResourceRequest(token, 'GET', shipments, undefined, null, options),
    ).rejects.toMatchObject({
      status: 401,
      cause: [{ scheme: 'bearer', parameters: { error: 'invalid_token' } }],
    });
    await withoutCertificate.close();
  });

  it('A8, A24: understands a refusal', async () => {
    const refusal = { error: 'invalid_scope', status: 400 };
    await expect(grant({ scope: 'shipments:delete' })).rejects.toMatchObject(refusal);
  });
});

function decoded(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
}
