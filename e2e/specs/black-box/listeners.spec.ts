import { describe, expect, it } from 'vitest';
import type { Answer } from '../../stack/admin/https-client.js';
import type { AppName, StackPorts } from '../../stack/topology.js';
import { StackUnderTest } from './stack-under-test.js';

type Listener = 'tls' | 'mtls';
interface Route {
  app: AppName;
  method: 'GET' | 'POST';
  path: string;
  on: readonly Listener[];
}

const METADATA = '/.well-known/oauth-authorization-server';
const BOTH = ['tls', 'mtls'] as const;
const PUBLIC_MEMBERS: Record<string, string[]> = { ES256: ['crv', 'x', 'y'], EdDSA: ['crv', 'x'], PS256: ['e', 'n'] };

// which listener serves what; on the other one the route does not exist
const ROUTES: readonly Route[] = [
  { app: 'token-service', method: 'GET', path: METADATA, on: ['tls'] },
  { app: 'token-service', method: 'GET', path: '/.well-known/revocation-feed', on: ['tls'] },
  { app: 'token-service', method: 'GET', path: '/jwks', on: ['tls'] },
  { app: 'token-service', method: 'POST', path: '/token', on: BOTH },
  { app: 'token-service', method: 'POST', path: '/introspect', on: BOTH },
  { app: 'token-service', method: 'POST', path: '/revoke', on: BOTH },
  { app: 'token-service', method: 'GET', path: '/docs', on: BOTH },
  { app: 'token-service', method: 'GET', path: '/docs/openapi.json', on: BOTH },
  { app: 'partner-registry', method: 'GET', path: '/v1/partners', on: ['mtls'] },
  { app: 'partner-registry', method: 'POST', path: '/v1/partners', on: ['mtls'] },
  { app: 'partner-registry', method: 'GET', path: '/v1/clients', on: ['mtls'] },
  { app: 'partner-registry', method: 'GET', path: '/v1/resource-servers', on: ['mtls'] },
  { app: 'partner-registry', method: 'GET', path: '/docs', on: BOTH },
  { app: 'partner-registry', method: 'GET', path: '/docs/openapi.json', on: BOTH },
  { app: 'partner-registry', method: 'GET', path: '/problems/invalid_token', on: BOTH },
  { app: 'partner-registry', method: 'GET', path: '/certificate-authorities/sandbox.pem', on: BOTH },
  // RFC 9728 has clients look on the host of the resource identifier, which is the second listener's
  { app: 'resource-api', method: 'GET', path: '/.well-known/oauth-protected-resource', on: BOTH },
  { app: 'resource-api', method: 'GET', path: '/v1/shipments', on: ['mtls'] },
  { app: 'resource-api', method: 'POST', path: '/v1/shipments', on: ['mtls'] },
  { app: 'resource-api', method: 'GET', path: '/docs', on: BOTH },
  { app: 'resource-api', method: 'GET', path: '/docs/openapi.json', on: BOTH },
];

describe('the listeners', () => {
  const stack = new StackUnderTest();
  const ports = portsOf(stack.running.settings);
  const { urls } = stack.running;

  const send = (app: AppName, listener: Listener, { method, path }: Pick<Route, 'method' | 'path'>): Promise<Answer> =>
    stack.client.send({ method, url: `https://localhost:${ports[app][listener]}${path}` });

  const cases = ROUTES.flatMap((route) =>
    BOTH.map((listener) => ({ ...route, listener, name: `${route.app} ${listener}: ${route.method} ${route.path}` })),
  );
  it.each(cases)('$name', async ({ app, listener, on, ...route }) => {
    const { status, body } = await send(app, listener, route);
    if (on.includes(listener)) expect(status).not.toBe(404);
    else expect([status, body['code']]).toEqual([404, 'not_found']);
  });

  it.each(
    BOTH.flatMap((listener) =>
      (['token-service', 'partner-registry', 'resource-api'] as const).map((app) => ({ app, listener })),
    ),
  )('management stays off the TLS listeners: $app $listener', async ({ app, listener }) => {
    for (const path of ['/livez', '/readyz', '/metrics']) {
      expect((await send(app, listener, { method: 'GET', path })).status).toBe(404);
      expect((await fetch(`${urls.management[app]}${path}`)).status).toBe(200);
    }
  });

  it('the registry’s listener without TLS has what checking certificates takes, and nothing else', async () => {
    const { registryHttp } = urls;
    const bundle = await fetch(`${registryHttp}/certificate-authorities/production.pem`);
    expect([bundle.status, bundle.headers.get('content-type')]).toEqual([200, 'application/x-pem-file']);
    expect(await bundle.text()).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(bundle.headers.has('strict-transport-security')).toBe(false);
    const served = /^\/(?:certificate-authorities|problems)\//;
    for (const { path } of ROUTES.filter(({ path: one }) => !served.test(one)))
      expect((await fetch(`${registryHttp}${path}`)).status, path).toBe(404);
    for (const path of ['/livez', '/readyz', '/metrics'])
      expect((await fetch(`${registryHttp}${path}`)).status, path).toBe(404);
  });

  it('T5: POST /token on the first listener is 401 invalid_client and names the alias', async () => {
    const form = { grant_type: 'client_credentials', client_id: stack.running.operatorClientId };
    const answer = await stack.client.send({ url: `${urls.issuer}/token`, identity: stack.running.operator, form });
    expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
    expect(answer.body['error_description']).toContain(urls.tokenEndpoint);
    expect((await stack.client.send({ url: urls.tokenEndpoint, identity: stack.running.operator, form })).status).toBe(
      200,
    );
  });

  it('A1, A2, A5, T5: the metadata says what the server does', async () => {
    const { body } = await send('token-service', 'tls', { method: 'GET', path: METADATA });
    expect(body).toMatchObject({
      issuer: urls.issuer,
      token_endpoint: urls.tokenEndpoint,
      jwks_uri: urls.jwks,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['tls_client_auth', 'self_signed_tls_client_auth', 'private_key_jwt'],
      tls_client_certificate_bound_access_tokens: true,
      mtls_endpoint_aliases: { token_endpoint: urls.tokenEndpoint },
    });
  });

  it('A19, A20: the JWKS has public parts only, each key with its own kid, alg and use', async () => {
    const { body } = await send('token-service', 'tls', { method: 'GET', path: '/jwks' });
    const keys = body['keys'] as Record<string, unknown>[];
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      const own = PUBLIC_MEMBERS[String(key['alg'])] ?? ['an algorithm of A19'];
      expect(Object.keys(key).sort()).toEqual([...own, 'alg', 'kid', 'kty', 'use'].sort());
      expect(key['use']).toBe('sig');
    }
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
  });

  const CLIENT = { client_id: 'cli_00000000000000000000000000000000', token: 'x' };
  it.each<[AppName, Listener, string, Record<string, string> | undefined]>([
    ['token-service', 'mtls', '/token', { ...CLIENT, grant_type: 'client_credentials' }],
    ['token-service', 'tls', '/token', CLIENT],
    ['token-service', 'mtls', '/introspect', CLIENT],
    ['token-service', 'tls', '/introspect', CLIENT],
    ['token-service', 'mtls', '/revoke', CLIENT],
    ['token-service', 'tls', '/revoke', CLIENT],
    ['token-service', 'mtls', '/revocations', undefined],
    ['partner-registry', 'mtls', '/v1/partners', undefined],
    ['resource-api', 'mtls', '/v1/shipments', undefined],
  ])(
    'A40: the 401 of %s at %s %s has a challenge, with a certificate and without',
    async (app, listener, path, form) => {
      const url = `https://localhost:${ports[app][listener]}${path}`;
      for (const identity of [undefined, stack.running.operator]) {
        const answer = await stack.client.send({ url, ...(identity ? { identity } : {}), ...(form ? { form } : {}) });
        expect(answer.status).toBe(401);
        expect(answer.headers['www-authenticate']).toMatch(form ? /^OAuth-Client-Authentication error=/ : /^Bearer/);
      }
    },
  );

  it('R6: the challenge leads to the metadata of the protected resource (RFC 9728)', async () => {
    const refused = await send('resource-api', 'mtls', { method: 'GET', path: '/v1/shipments' });
    const [, url] = /resource_metadata="([^"]+)"/.exec(refused.headers['www-authenticate'] ?? '') ?? [];
    const { status, body } = await stack.client.send({ url: url! });
    expect(status).toBe(200);
    expect(body).toMatchObject({ resource: urls.resource, authorization_servers: [urls.issuer] });
    expect(body['tls_client_certificate_bound_access_tokens']).toBe(true);
  });

  it('a path that does not exist is a problem with the request id of the answer, never a stack trace', async () => {
    const { status, body, headers } = await send('resource-api', 'mtls', { method: 'GET', path: '/nowhere' });
    expect([status, body['request_id']]).toEqual([404, headers['x-request-id']]);
    expect(body).not.toHaveProperty('stack');
  });
});

function portsOf(settings: Record<AppName, Record<string, string>>): StackPorts {
  const of = (app: AppName) => ({
    tls: Number(settings[app]['PORT']),
    mtls: Number(settings[app]['MTLS_PORT']),
    management: Number(settings[app]['MANAGEMENT_PORT']),
  });
  return {
    'token-service': of('token-service'),
    'partner-registry': of('partner-registry'),
    'resource-api': of('resource-api'),
  };
}
