import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDatabase, type TestDatabase } from '../database/database.testing.js';
import { AUDIENCE, bootstrap, EVERY_SCOPE, issueOperator, SHIPMENTS } from '../registry.testing.js';
import { bootstrapOperator } from './bootstrap-operator.js';

const TABLES = ['partners', 'clients', 'certificates', 'public_keys', 'resource_servers', 'scopes', 'grants'];

let database: TestDatabase;
let authority: Authority;
let operator: Issued;

beforeAll(async () => {
  [database, authority] = await Promise.all([startDatabase(), createAuthority({ name: 'Test Authority' })]);
  operator = await issueOperator(authority);
}, 120_000);

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

const request = (fields: object = {}) => ({
  databaseUrl: database.runtimeUrl,
  audience: AUDIENCE,
  operatorCertificate: operator.certificatePem,
  resourceServers: [],
  now: new Date(),
  ...fields,
});

describe('bootstrapping', () => {
  it('makes one operator with every scope of the registry, and registers what it was given', async () => {
    const { operator_client_id } = await bootstrap(database.runtimeUrl, operator);
    expect(operator_client_id).toMatch(/^cli_[0-9a-f]{32}$/);
    const [client] = await database.query(
      `SELECT c.*, p.slug, p.is_platform, p.status AS partner_status FROM registry.clients c JOIN registry.partners p ON p.id = c.partner_id`,
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
      { audience: AUDIENCE, scopes: EVERY_SCOPE },
      { audience: SHIPMENTS, scopes: ['shipments:read', 'shipments:write'] },
    ]);
    expect(await counts()).toMatchObject({ partners: 1, clients: 1, certificates: 1, grants: EVERY_SCOPE.length });
  });

  it('is refused once there is an operator, whatever became of it', async () => {
    await bootstrap(database.runtimeUrl, operator);
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
      certificates.map((certificate) => bootstrap(database.runtimeUrl, certificate)),
    );
    const refusals = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason.name);
    expect(refusals).toEqual(['OperatorExistsError', 'OperatorExistsError']);
    expect(await counts()).toMatchObject({ partners: 1, clients: 1, certificates: 1 });
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
      await expect(bootstrapOperator(request({ operatorCertificate }))).rejects.toMatchObject({ code });
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
