import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tlsSocket } from '@partner-ecosystem/mtls-binding';
import { migrate, prepareDatabase } from '@partner-ecosystem/platform/database';
import { createLogger } from '@partner-ecosystem/platform/logging';
import type { RunningApp } from '@partner-ecosystem/platform/serve';
import { LimitsPolicy } from '@partner-ecosystem/platform/limits';
import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { startPostgres, type PostgresServer } from '@partner-ecosystem/test-postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthenticationEventsPolicy } from './authentication-events/authentication-events-policy.js';
import { KeySetSource } from './clients/partner-keys/key-set-source.js';
import { PermittedNetworks } from '@partner-ecosystem/platform/http-client';
import type { ServiceConfig } from './configuration/config.js';
import { migrations } from './database/data-source.js';
import { databaseRoles } from './database/database-roles.js';
import { serveTokenService } from './serve-token-service.js';
import { patientClients, patientFeed } from './served.fixture.spec.js';
import { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import { SigningKeyPolicy } from './signing-keys/signing-key-policy.js';
import { SigningKeys } from './signing-keys/signing-keys.js';

// The whole way to a token needs the registry's view and is in e2e; here is what this app answers by itself.

// Our migrations grant to the registry's role.
const registryRoles = { schema: 'registry', ownerRole: 'partner_registry_owner', appRole: 'partner_registry_app' };

let postgres: PostgresServer;
let folder: string;
let authority: Authority;
let caller: Issued;
let databaseUrl: string;
let service: RunningApp;
let config: ServiceConfig;
const lines: string[] = [];
const logger = createLogger({
  name: 'token-service',
  version: 'test',
  level: 'info',
  destination: { write: (line) => void lines.push(line) },
});

beforeAll(async () => {
  postgres = await startPostgres();
  databaseUrl = postgres.urlFor(databaseRoles.appRole, randomBytes(12).toString('hex'));
  const log = () => undefined;
  await prepareDatabase({ adminUrl: postgres.adminUrl, runtimeUrl: databaseUrl, roles: databaseRoles, log });
  const registryUrl = postgres.urlFor(registryRoles.appRole, randomBytes(12).toString('hex'));
  await prepareDatabase({ adminUrl: postgres.adminUrl, runtimeUrl: registryUrl, roles: registryRoles, log });
  await migrate({ url: postgres.adminUrl, roles: databaseRoles, migrations, log });
  authority = await createAuthority({ name: 'CA' });
  caller = await authority.issueClient({ subject: 'CN=caller' });
  folder = await mkdtemp(join(tmpdir(), 'token-service-'));
  const server = await authority.issueServer({ names: ['localhost'] });
  await writeFile(join(folder, 'tls.crt'), server.chainPem);
  await writeFile(join(folder, 'tls.key'), server.privateKeyPem, { mode: 0o600 });
  config = configuration();
  service = await serveTokenService(config, logger);
});

afterAll(async () => {
  await service?.stop();
  await postgres?.stop();
  if (folder) await rm(folder, { recursive: true });
});

function configuration(): ServiceConfig {
  const tls = { host: '127.0.0.1', port: 0, certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') };
  return {
    logLevel: 'info',
    databaseUrl,
    listeners: [
      { ...tls, name: 'tls', requestClientCertificate: false },
      { ...tls, name: 'mtls', requestClientCertificate: true },
    ],
    management: { host: '127.0.0.1', port: 0 },
    shutdown: { drainMs: 0, deadlineMs: 60_000 },
    issuer: 'https://issuer.test',
    mtlsBaseUrl: 'https://mtls.issuer.test',
    keyEncryptionKey: new KeyEncryptionKey(randomBytes(32)),
    signingKeys: new SigningKeyPolicy({ algorithms: ['ES256'] }),
    registeredClients: patientClients(),
    authenticationEvents: new AuthenticationEventsPolicy(),
    revocationFeed: patientFeed(),
    limits: new LimitsPolicy(),
    partnerKeys: new KeySetSource({ networks: new PermittedNetworks() }),
    certificateSource: tlsSocket(),
  };
}

interface Call {
  listener?: 'tls' | 'mtls';
  method?: string;
  path?: string;
  as?: Issued | undefined;
  body?: string;
  headers?: Record<string, string>;
}

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: Record<string, unknown>;
}

function call({ listener = 'mtls', method = 'POST', path = '/token', as, body, headers = {} }: Call): Promise<Answer> {
  const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  const tls = {
    ca: authority.certificatePem,
    agent: false as const,
    ...(as ? { cert: as.chainPem, key: as.privateKeyPem } : {}),
  };
  const { port } = service.addresses[listener]!;
  return new Promise((resolve, reject) => {
    httpsRequest({ host: 'localhost', port, method, path, headers: { ...type, ...headers }, ...tls }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: JSON.parse(text) as Record<string, unknown>,
        }),
      );
    })
      .on('error', reject)
      .end(body);
  });
}

const form = 'grant_type=client_credentials&client_id=cli_0199d1a2';

describe('POST /token', () => {
  it('A11: an unknown client is 401 invalid_client, and the log names the check under the same request id', async () => {
    const answer = await call({ as: caller, body: form });
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    const line = lines
      .map((text) => JSON.parse(text) as Record<string, unknown>)
      .find((entry) => entry['check'] !== undefined && entry['request_id'] === answer.body['request_id']);
    expect(line).toMatchObject({ check: 'client_unknown', certificate: caller.thumbprint, client_id: 'cli_0199d1a2' });
    expect(answer.headers['x-request-id']).toBe(answer.body['request_id']);
  });

  it('A11: no certificate is 401 invalid_client that says so', async () => {
    const answer = await call({ body: form });
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(answer.body['error_description']).toMatch(/no client certificate/);
  });

  it('A11: who came with an Authorization header is answered with a challenge in its scheme', async () => {
    const tried = await call({ body: form, headers: { authorization: 'Basic YTpi' } });
    expect([tried.status, tried.headers['www-authenticate']]).toEqual([401, 'Basic realm="token"']);
  });

  it.each([
    ['an unknown client', { as: undefined }, '/token'],
    ['no certificate', {}, '/token'],
    ['the other listener', { listener: 'tls' }, '/token'],
    ['no certificate', {}, '/introspect'],
    ['neither certificate nor assertion', { listener: 'tls' }, '/introspect'],
    ['no certificate', {}, '/revoke'],
    ['neither certificate nor assertion', { listener: 'tls' }, '/revoke'],
  ] satisfies [string, Call, string][])(
    'A11, A40: a 401 has a challenge with the same error: %s',
    async (_, by, path) => {
      const as = 'as' in by ? { as: caller } : {};
      const answer = await call({ ...by, ...as, path, body: `${form}&token=x` });
      const { error, error_description: description } = answer.body;
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe(
        `OAuth-Client-Authentication error="${String(error)}", error_description="${String(description)}"`,
      );
    },
  );

  it('A40: an answer that is no 401 has no challenge', async () => {
    const answer = await call({ as: caller, body: 'grant_type=password&client_id=a' });
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([400, undefined]);
  });

  it('T5: the first listener answers 401 invalid_client naming the alias', async () => {
    const answer = await call({ listener: 'tls', body: form });
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(answer.body['error_description']).toContain('https://mtls.issuer.test/token');
  });

  it.each([
    ['JSON', { body: '{}', headers: { 'content-type': 'application/json' } }, 415, 'invalid_request'],
    ['a body in gzip', { headers: { 'content-encoding': 'gzip' } }, 415, 'invalid_request'],
    ['another content type', { body: 'x', headers: { 'content-type': 'text/plain' } }, 415, 'invalid_request'],
    ['a body over the limit', { body: `${form}&x=${'a'.repeat(20_000)}` }, 413, 'invalid_request'],
    ['no body', {}, 400, 'invalid_request'],
    ['a repeated parameter', { body: `${form}&client_id=b` }, 400, 'invalid_request'],
    ['another grant', { body: 'grant_type=password&client_id=a' }, 400, 'unsupported_grant_type'],
  ] satisfies [string, Call, number, string][])('A18, A24, A30: %s', async (_, request, status, error) => {
    const answer = await call({ as: caller, ...request });
    expect(answer).toMatchObject({ status, body: { error } });
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(Object.keys(answer.body).sort()).toEqual(['error', 'error_description', 'request_id']);
  });

  it('A32: a content coding is told apart from a content type, and which one is accepted', async () => {
    const { body, headers } = await call({ as: caller, headers: { 'content-encoding': 'gzip' } });
    expect(body['error_description']).toMatch(/without Content-Encoding\.$/);
    expect(headers['accept-encoding']).toBe('identity');
  });

  it('A30: another content type is told which one to send', async () => {
    const { body } = await call({ as: caller, body: '{}', headers: { 'content-type': 'application/json' } });
    expect(body['error_description']).toBe('Send the parameters as application/x-www-form-urlencoded.');
  });

  it('A26: is never cached', async () => {
    expect((await call({ as: caller, body: form })).headers['cache-control']).toBe('no-store');
  });
});

describe('what is public', () => {
  it('A1, A2, A5, T5: the metadata', async () => {
    const { body } = await call({ listener: 'tls', method: 'GET', path: '/.well-known/oauth-authorization-server' });
    expect(body).toMatchObject({
      issuer: 'https://issuer.test',
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['tls_client_auth', 'self_signed_tls_client_auth', 'private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['ES256', 'PS256', 'EdDSA', 'Ed25519'],
      tls_client_certificate_bound_access_tokens: true,
      mtls_endpoint_aliases: { token_endpoint: 'https://mtls.issuer.test/token' },
      token_endpoint: 'https://mtls.issuer.test/token', // nowhere else is one issued
    });
  });

  it('A25, A31, T5: the metadata tells where to introspect and revoke, and that both want the client authenticated', async () => {
    const { body } = await call({ listener: 'tls', method: 'GET', path: '/.well-known/oauth-authorization-server' });
    const methods = ['tls_client_auth', 'self_signed_tls_client_auth', 'private_key_jwt'];
    const algorithms = ['ES256', 'PS256', 'EdDSA', 'Ed25519'];
    expect(body).toMatchObject({
      introspection_endpoint: 'https://issuer.test/introspect',
      introspection_endpoint_auth_methods_supported: methods,
      introspection_endpoint_auth_signing_alg_values_supported: algorithms,
      introspection_signing_alg_values_supported: ['ES256'],
      revocation_endpoint: 'https://issuer.test/revoke',
      revocation_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_signing_alg_values_supported: algorithms,
      mtls_endpoint_aliases: {
        introspection_endpoint: 'https://mtls.issuer.test/introspect',
        revocation_endpoint: 'https://mtls.issuer.test/revoke',
      },
    });
  });

  it('A1: the metadata has registered names only, and none without elements (RFC 8414 section 3.2)', async () => {
    const { body } = await call({ listener: 'tls', method: 'GET', path: '/.well-known/oauth-authorization-server' });
    // IANA, OAuth Authorization Server Metadata
    const registered = [
      ...['issuer', 'token_endpoint', 'jwks_uri', 'grant_types_supported', 'service_documentation'],
      ...['token', 'introspection', 'revocation'].flatMap((name) => [
        `${name}_endpoint_auth_methods_supported`,
        `${name}_endpoint_auth_signing_alg_values_supported`,
      ]),
      ...['introspection_endpoint', 'revocation_endpoint', 'introspection_signing_alg_values_supported'],
      ...['tls_client_certificate_bound_access_tokens', 'mtls_endpoint_aliases'],
    ];
    expect(Object.keys(body).filter((name) => !registered.includes(name))).toEqual([]);
    const empty = Object.entries(body).filter(([, value]) => Array.isArray(value) && value.length === 0);
    expect(empty).toEqual([]);
  });

  it('A20: the key set has public parts only', async () => {
    const { body } = await call({ listener: 'tls', method: 'GET', path: '/jwks' });
    const [key] = body['keys'] as Record<string, unknown>[];
    expect(Object.keys(key!).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(key).toMatchObject({ alg: 'ES256', use: 'sig' });
  });

  it.each([
    ['mtls', '/.well-known/oauth-authorization-server'],
    ['mtls', '/jwks'],
    ['tls', '/nothing'],
  ] as const)('GET on %s of %s is 404', async (listener, path) => {
    expect((await call({ listener, method: 'GET', path })).status).toBe(404);
  });
});

describe('A28: signing keys', () => {
  const keyIds = async (): Promise<string[]> => {
    const client = new pg.Client(postgres.adminUrl);
    await client.connect();
    const { rows } = await client.query<{ kid: string }>('SELECT kid FROM token.signing_key');
    await client.end();
    return rows.map(({ kid }) => kid);
  };

  it('a second replica uses the stored key and makes none', async () => {
    const before = await keyIds();
    const replica = await serveTokenService(config, logger);
    await replica.stop();
    expect(await keyIds()).toEqual(before);
    expect(before).toHaveLength(4); // for tokens and for the feed: the current one and its standby
  });

  it('with another key-encryption key the boot stops, and nothing new is made', async () => {
    const before = await keyIds();
    const other = { ...config, keyEncryptionKey: new KeyEncryptionKey(randomBytes(32)) };
    await expect(serveTokenService(other, logger)).rejects.toThrow(/KEY_ENCRYPTION_KEY_FILE/);
    expect(await keyIds()).toEqual(before);
  });

  it('two replicas that start on an empty table end with one current key', async () => {
    const client = new pg.Client(postgres.adminUrl);
    await client.connect();
    await client.query('DELETE FROM token.signing_key');
    await client.end();
    const replicas = await Promise.all([serveTokenService(config, logger), serveTokenService(config, logger)]);
    const [one, two] = replicas.map(({ app }) => app.get(SigningKeys, { strict: false }).currentFor('ES256').kid);
    expect(one).toBe(two);
    await Promise.all(replicas.map((replica) => replica.stop()));
    expect(await keyIds()).toHaveLength(4);
  });
});

it('fails closed: a superuser login does not start the service', async () => {
  await expect(serveTokenService({ ...config, databaseUrl: postgres.adminUrl }, logger)).rejects.toThrow(/superuser/i);
});

it('nothing secret is in the log', () => {
  const log = lines.join('');
  expect(log).not.toContain(new URL(databaseUrl).password);
  expect(log).not.toMatch(/PRIVATE KEY/);
});
