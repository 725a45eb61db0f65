import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import { clientCertificate, StackUnderTest } from './stack-under-test.js';

// Client libraries that check every answer by the letter of RFC 7662, RFC 9701 and RFC 7009.

const stack = new StackUnderTest();
const { urls, serverCa } = stack.running;
const issuer = new URL(urls.issuer);
const agents: Agent[] = [];

let partner: OnboardedPartner;
let stranger: OnboardedPartner;
/** Linked to the sample API. */
let api: OnboardedPartner;

beforeAll(async () => {
  const onboard = async (name: string) => stack.onboard(await clientCertificate(`CN=${name},O=Introspection`));
  [partner, stranger, api] = [await onboard('partner'), await onboard('stranger'), await onboard('api')];
  const servers = await stack.operator.call('/v1/resource-servers', {}, 200);
  const { id } = (servers.body['items'] as { id: string; audience: string }[]).find(
    ({ audience }) => audience === urls.resource,
  )!;
  const json = { client_id: api.clientKey, may_introspect: true };
  await stack.operator.call(`/v1/resource-servers/${id}/clients`, { json }, 201);
});
afterAll(() => Promise.all(agents.map((agent) => agent.close())));

// undici's own types and those of lib.dom describe the same fetch, and the libraries tell a Response by its name
function mutualTls({ identity: { chainPem: cert, privateKeyPem: key } }: OnboardedPartner) {
  const agent = new Agent({ connect: { ca: serverCa, cert, key } });
  agents.push(agent);
  return (url: string, options: object) =>
    undiciFetch(url, { ...options, dispatcher: agent }) as unknown as Promise<Response>;
}

describe('oauth4webapi', () => {
  async function as(caller: OnboardedPartner) {
    const options = { [oauth.customFetch]: mutualTls(caller) };
    const client: oauth.Client = { client_id: caller.clientId, use_mtls_endpoint_aliases: true };
    const answer = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...options });
    const server = await oauth.processDiscoveryResponse(issuer, answer);
    const introspect = async (token: string, requestJwtResponse = false) => {
      const wishes = { ...options, requestJwtResponse };
      const response = await oauth.introspectionRequest(server, client, oauth.TlsClientAuth(), token, wishes);
      const expected = requestJwtResponse ? { ...client, introspection_signed_response_alg: 'ES256' } : client;
      const result = await oauth.processIntrospectionResponse(server, expected, response);
      if (requestJwtResponse) await oauth.validateApplicationLevelSignature(server, response, options);
      return result;
    };
    const revoke = async (token: string) =>
      oauth.processRevocationResponse(
        await oauth.revocationRequest(server, client, oauth.TlsClientAuth(), token, options),
      );
    return { server, introspect, revoke };
  }

  it('T5: discovers both endpoints and their aliases', async () => {
    const { server } = await as(partner);
    const alias = (name: string) => urls.tokenEndpoint.replace(/token$/, name);
    expect(server).toMatchObject({
      introspection_endpoint: `${urls.issuer}/introspect`,
      revocation_endpoint: `${urls.issuer}/revoke`,
      introspection_signing_alg_values_supported: ['ES256'],
      mtls_endpoint_aliases: { introspection_endpoint: alias('introspect'), revocation_endpoint: alias('revoke') },
    });
  });

  it('A16, A31: the partner and the API see the token, plain and signed; nobody else does', async () => {
    const token = await stack.accessToken(partner);
    for (const caller of [partner, api]) {
      const { introspect } = await as(caller);
      const plain = await introspect(token);
      expect(plain).toMatchObject({
        active: true,
        client_id: partner.clientId,
        aud: urls.resource,
        token_type: 'Bearer',
        cnf: { 'x5t#S256': partner.identity.thumbprint },
      });
      expect(await introspect(token, true)).toEqual(plain);
    }
    const { introspect } = await as(stranger);
    expect(await introspect(token)).toEqual({ active: false });
    expect(await introspect(token, true)).toEqual({ active: false });
  });

  it("A31: revokes a token of its own, nobody's, and not another's", async () => {
    const token = await stack.accessToken(partner);
    const [own, other] = [await as(partner), await as(stranger)];
    await expect(other.revoke(token)).rejects.toMatchObject({ error: 'unauthorized_client', status: 400 });
    expect(await own.introspect(token)).toMatchObject({ active: true });
    expect(await own.revoke('nothing')).toBeUndefined();
    expect(await own.revoke(token)).toBeUndefined();
    expect(await own.revoke(token)).toBeUndefined();
    expect(await own.introspect(token)).toEqual({ active: false });
  });

  it('A25: a caller without its certificate is told nothing', async () => {
    const token = await stack.accessToken(partner);
    const imposter = await as({ ...partner, identity: stranger.identity });
    const challenge = { scheme: 'oauth-client-authentication', parameters: { error: 'invalid_client' } };
    const refusal = { status: 401, cause: [challenge] };
    await expect(imposter.introspect(token)).rejects.toMatchObject(refusal);
    await expect(imposter.revoke(token)).rejects.toMatchObject(refusal);
  });
});

describe('openid-client', () => {
  it('A31: introspects and revokes, and then the API refuses the token', async () => {
    const execute: openid.DiscoveryRequestOptions = {
      algorithm: 'oauth2',
      [openid.customFetch]: mutualTls(partner) as openid.CustomFetch,
    };
    const metadata = { use_mtls_endpoint_aliases: true };
    const config = await openid.discovery(issuer, partner.clientId, metadata, openid.TlsClientAuth(), execute);
    const { access_token: token } = await openid.clientCredentialsGrant(config);
    const call = () => stack.client.send({ url: `${urls.resource}/v1/shipments`, identity: partner.identity, token });
    expect(await openid.tokenIntrospection(config, token)).toMatchObject({ active: true });
    expect((await call()).status).toBe(200);
    await openid.tokenRevocation(config, token);
    expect(await openid.tokenIntrospection(config, token)).toEqual({ active: false });
    await expect.poll(async () => (await call()).status, { timeout: 240_000, interval: 20 }).toBe(401);
  });
});
