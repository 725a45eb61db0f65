import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDatabase, type TestDatabase } from '../database/database.testing.js';
import { AUDIENCE, bootstrap, EVERY_SCOPE, issueOperator, issueRegistry, SHIPMENTS } from '../registry.testing.js';
import { bootstrapOperator, type Bootstrap } from './bootstrap-operator.js';

const ISSUER = 'https://localhost:8443';
const TABLES = [
  ...['partners', 'clients', 'certificates', 'public_keys'],
  ...['resource_servers', 'resource_server_clients', 'scopes', 'grants'],
];

let database: TestDatabase;
let authority: Authority;
let operator: Issued;
let itself: Issued;

beforeAll(async () => {
  [database, authority] = await Promise.all([startDatabase(), createAuthority({ name: 'Test Authority' })]);
  [operator, itself] = await Promise.all([issueOperator(authority), issueRegistry(authority)]);
});

afterAll(() => database?.stop());

beforeEach(async () => {
  await database.query(
    `TRUNCATE ${TABLES.map((table) => `registry.${table}`).join(', ')} CASCADE`,
    [],
    database.adminUrl,
  );
});

async function counts(): Promise<Record<string, number>> {
  const columns = TABLES.map((table) => `(SELECT count(*)::int FROM registry.${table}) AS ${table}`);
  return (await database.query(`SELECT ${columns.join(', ')}`))[0];
}

const NOTHING = Object.fromEntries(TABLES.map((table) => [table, 0]));

const request = (fields: object = {}): Bootstrap => ({
  databaseUrl: database.runtimeUrl,
  audience: AUDIENCE,
  issuer: ISSUER,
  operatorCertificate: operator.certificatePem,
  registryCertificate: itself.certificatePem,
  resourceServers: [],
  now: new Date(),
  ...fields,
});

describe('bootstrapping', () => {
  it('makes one operator with every scope of the registry, and registers what it was given', async () => {
    const { operator_client_id } = await bootstrap(database.runtimeUrl, operator, itself, ISSUER);
    expect(operator_client_id).toMatch(/^cli_[0-9a-f]{32}$/);
    const [client] = await database.query(
      `SELECT c.*, p.slug, p.is_platform, p.status AS partner_status FROM registry.clients c JOIN registry.partners p ON p.id = c.partner_id WHERE c.client_name = 'Operator'`,
    );
    expect(client).toMatchObject({
      client_id: operator_client_id,
      slug: 'platform',
      is_platform: true,
      partner_status: 'active',
      status: 'active',
      environment: 'production',
      default_resource: AUDIENCE,
      tls_client_auth_subject_dn: 'CN=operator,O=Platform',
    });
    const servers = await database.query(
      'SELECT audience, array_agg(s.name ORDER BY s.id) AS scopes FROM registry.resource_servers r JOIN registry.scopes s ON s.resource_server_id = r.id GROUP BY audience ORDER BY audience',
    );
    expect(servers).toEqual([
      { audience: ISSUER, scopes: ['revocations:read'] },
      { audience: AUDIENCE, scopes: EVERY_SCOPE },
      { audience: SHIPMENTS, scopes: ['shipments:read', 'shipments:write'] },
    ]);
    const [granted] = await database.query(
      `SELECT array_agg(s.name ORDER BY g.id) AS scopes FROM registry.grants g JOIN registry.scopes s ON s.id = g.scope_id
        JOIN registry.clients c ON c.id = g.client_id WHERE c.client_name = 'Operator'`,
    );
    expect(granted.scopes).toEqual(EVERY_SCOPE);
    expect(await counts()).toMatchObject({ partners: 1, clients: 2, certificates: 2 });
  });

  it('makes the registry, and every resource server that brings a client, able to follow the revocations at once', async () => {
    const shipments = { audience: SHIPMENTS, name: 'Shipments', environment: 'production' as const, scopes: [] };
    const rates = { ...shipments, audience: 'https://rates.example', name: 'Rates' };
    const { certificatePem: certificate } = await authority.issueClient({ subject: 'CN=shipments,O=Platform' });
    const client = { client_name: 'Shipments API', certificate };
    const printed = await bootstrapOperator(request({ resourceServers: [{ ...shipments, client }, rates] }));
    const client_id = expect.stringMatching(/^cli_[0-9a-f]{32}$/);
    expect(printed).toEqual({
      operator_client_id: client_id,
      registry_client_id: client_id,
      resource_servers: [
        { audience: SHIPMENTS, client_id },
        { audience: rates.audience, client_id: null },
      ],
    });
    const sql = `SELECT client_id, client_name, usable, environment, default_resource, introspects, grants,
        jsonb_array_length(certificates) AS certificates
       FROM registry.registered_client WHERE client_name <> 'Operator' ORDER BY client_id`;
    const follower = { usable: true, environment: 'production', default_resource: ISSUER, certificates: 1 };
    const grants = [{ audience: ISSUER, scope: 'revocations:read', valid_until: null, signing_alg: 'ES256' }];
    const ids = [printed.registry_client_id, printed.resource_servers[0]!.client_id];
    expect(await database.query(sql, [], database.tokenServiceUrl)).toEqual([
      { client_id: ids[0], client_name: 'Partner registry', introspects: [AUDIENCE], grants, ...follower },
      { client_id: ids[1], client_name: 'Shipments API', introspects: [SHIPMENTS], grants, ...follower },
    ]);
  });

  it('lets nobody take revocations:read for an ordinary scope: it is sensitive, and granted to no operator', async () => {
    await bootstrap(database.runtimeUrl, operator, itself, ISSUER);
    const scopes = await database.query(
      `SELECT s.sensitivity, count(g.id)::int AS grants FROM registry.scopes s LEFT JOIN registry.grants g ON g.scope_id = s.id
        WHERE s.name = 'revocations:read' GROUP BY s.id`,
    );
    expect(scopes).toEqual([{ sensitivity: 'sensitive', grants: 1 }]);
  });

  it('writes into the audit whom it made, linked and let follow', async () => {
    const { certificatePem: certificate } = await authority.issueClient({ subject: 'CN=rates,O=Platform' });
    const rates = { audience: 'https://rates.example', name: 'Rates', environment: 'production' as const, scopes: [] };
    const client = { client_name: 'Rates API', certificate };
    const printed = await bootstrapOperator(request({ resourceServers: [{ ...rates, client }] }));
    const actions = (target: string | null) =>
      database.query(
        `SELECT action FROM registry.audit_events JOIN registry.audit_event_targets USING (seq) WHERE target = $1 ORDER BY seq`,
        [target],
      );
    const follower = ['client.bootstrapped', 'resource_server.client_linked', 'grant.granted'];
    for (const id of [printed.registry_client_id, printed.resource_servers[0]!.client_id]) {
      expect(await actions(id)).toEqual(follower.map((action) => ({ action })));
    }
    expect(await actions(printed.operator_client_id)).toEqual([{ action: 'operator.bootstrapped' }]);
  });

  it('is refused once there is an operator, whatever became of it', async () => {
    await bootstrap(database.runtimeUrl, operator, itself, ISSUER);
    await database.query(`UPDATE registry.partners SET status = 'suspended'`);
    const before = await counts();
    const again = bootstrapOperator(request({ operatorCertificate: (await issueOperator(authority)).certificatePem }));
    await expect(again).rejects.toMatchObject({
      name: 'OperatorExistsError',
      message: expect.stringContaining('nothing was changed'),
    });
    expect(await counts()).toEqual(before);
  });

  it('several at once make one operator', async () => {
    const certificates = await Promise.all([1, 2, 3].map(() => issueOperator(authority)));
    const results = await Promise.allSettled(
      certificates.map((certificate) => bootstrap(database.runtimeUrl, certificate, itself, ISSUER)),
    );
    const refusals = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason.name);
    expect(refusals).toEqual(['OperatorExistsError', 'OperatorExistsError']);
    expect(await counts()).toMatchObject({ partners: 1, clients: 2, certificates: 2 });
  });

  it('holds the operator to the same checks as everybody, and leaves nothing when it refuses', async () => {
    const expired = await authority.issueClient({
      subject: 'CN=operator',
      notBefore: new Date(Date.now() - 20_000),
      notAfter: new Date(Date.now() - 10_000),
    });
    for (const [operatorCertificate, code] of [
      [expired.certificatePem, 'certificate_refused'],
      [operator.privateKeyPem, 'private_key_in_request'],
      [operator.certificatePem + expired.certificatePem, 'certificate_bundle'],
      ['nonsense', 'certificate_malformed'],
    ]) {
      const refused = { code, message: expect.stringMatching(/^the operator: /) };
      await expect(bootstrapOperator(request({ operatorCertificate }))).rejects.toMatchObject(refused);
    }
    expect(await counts()).toEqual(NOTHING);
  });

  it('says of which certificate or resource server it will have none, and leaves nothing', async () => {
    const rates = { audience: 'https://rates.example', name: 'Rates', environment: 'production', scopes: [] };
    const { certificatePem: certificate } = await authority.issueClient({ subject: 'CN=rates,O=Platform' });
    const client = { client_name: 'Rates API', certificate };
    const nonsense = { ...rates, client: { ...client, certificate: 'nonsense' } };
    const again = { ...rates, client: { ...client, certificate: itself.certificatePem } };
    const sandbox = { ...rates, environment: 'sandbox', client };
    for (const [fields, whom, code] of [
      [{ registryCertificate: itself.privateKeyPem }, 'the registry: ', 'private_key_in_request'],
      [{ registryCertificate: operator.certificatePem }, 'the registry: ', 'certificate_known'],
      [{ resourceServers: [nonsense] }, 'the client of https://rates.example: ', 'certificate_malformed'],
      [{ resourceServers: [again] }, 'the client of https://rates.example: ', 'certificate_known'],
      [{ resourceServers: [sandbox] }, 'the client of https://rates.example: ', 'environment_mismatch'],
      [{ resourceServers: [rates, rates] }, 'the resource server https://rates.example: ', 'audience_taken'],
      [{ resourceServers: [{ ...rates, audience: ISSUER }] }, `the resource server ${ISSUER}: `, 'audience_taken'],
      [{ issuer: AUDIENCE }, `the resource server ${AUDIENCE}: `, 'audience_taken'],
    ] as const) {
      const refused = { code, message: expect.stringContaining(whom) };
      await expect(bootstrapOperator(request(fields)), whom).rejects.toMatchObject(refused);
    }
    expect(await counts()).toEqual(NOTHING);
  });

  it('is all or nothing: a resource server that repeats an audience undoes everything', async () => {
    const server = { audience: AUDIENCE, name: 'Again', environment: 'production', scopes: [] };
    const refused = bootstrapOperator(request({ resourceServers: [server] }));
    await expect(refused).rejects.toMatchObject({ code: 'audience_taken' });
    expect(await counts()).toEqual(NOTHING);
  });

  it('does not work with more rights than it needs', async () => {
    const refused = bootstrapOperator(request({ databaseUrl: database.adminUrl }));
    await expect(refused).rejects.toMatchObject({ code: 'privilege_excessive' });
    expect(await counts()).toEqual(NOTHING);
  });
});
