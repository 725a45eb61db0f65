import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, prepareDatabase } from '@partner-ecosystem/platform/database';
import { createLogger } from '@partner-ecosystem/platform/logging';
import { createAuthority } from '@partner-ecosystem/test-pki';
import { startPostgres } from '@partner-ecosystem/test-postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testConfig } from '../registry.testing.js';
import { servePartnerRegistry } from '../serve-partner-registry.js';
import { migrations } from './data-source.js';
import { databaseRoles } from './database-roles.js';
import { startDatabase, type TestDatabase } from './database.testing.js';

const TABLES = [
  'partners',
  'partner_contacts',
  'clients',
  'certificates',
  'public_keys',
  'trust_anchors',
  'certificate_identities',
  'resource_servers',
  'scopes',
  'grants',
];
/** They say nothing of their own: what they said is in the audit. */
const LINKS = ['client_trust_anchors', 'resource_server_clients'];
const NOT_PERMITTED = { code: '42501' };
const CHECK_VIOLATION = { code: '23514' };
const FOREIGN_KEY_VIOLATION = { code: '23503' };

let database: TestDatabase;

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(() => database?.stop());

describe('the role the registry runs as', () => {
  it.each(TABLES)('deletes nothing from %s and cannot empty it', async (table) => {
    await expect(database.query(`DELETE FROM registry.${table}`)).rejects.toMatchObject(NOT_PERMITTED);
    await expect(database.query(`TRUNCATE registry.${table}`)).rejects.toMatchObject(NOT_PERMITTED);
    await expect(database.query(`DROP TABLE registry.${table}`)).rejects.toMatchObject(NOT_PERMITTED);
  });

  it.each(LINKS)('removes links from %s, and cannot empty it', async (table) => {
    expect(await database.query(`DELETE FROM registry.${table}`)).toEqual([]);
    await expect(database.query(`TRUNCATE registry.${table}`)).rejects.toMatchObject(NOT_PERMITTED);
  });

  it.each([
    `UPDATE registry.partners SET slug = slug`,
    `UPDATE registry.partner_contacts SET partner_id = partner_id`,
    `UPDATE registry.clients SET token_endpoint_auth_method = 'private_key_jwt'`,
    `UPDATE registry.clients SET bound_access_tokens = true`,
    `UPDATE registry.certificates SET pem = pem`,
    `UPDATE registry.certificates SET chain = chain`,
    `UPDATE registry.trust_anchors SET pem = pem`,
    `UPDATE registry.trust_anchors SET partner_id = NULL`,
    `UPDATE registry.certificate_identities SET folded_sha256 = folded_sha256`,
    `UPDATE registry.client_trust_anchors SET client_id = client_id`,
    `UPDATE registry.resource_server_clients SET client_id = client_id`,
    `UPDATE registry.certificates SET sha256 = sha256`,
    `UPDATE registry.certificates SET client_id = client_id`,
    `UPDATE registry.public_keys SET partner_id = partner_id`,
    `UPDATE registry.partners SET is_platform = true`,
    `UPDATE registry.clients SET partner_id = partner_id`,
    `UPDATE registry.clients SET environment = 'production'`,
    `UPDATE registry.grants SET scope_id = scope_id`,
    `UPDATE registry.resource_servers SET audience = audience`,
    `UPDATE registry.scopes SET name = name`,
    `CREATE TABLE registry.other (id int)`,
    `SELECT 1 FROM registry.migrations`,
  ])('cannot: %s', async (sql) => {
    await expect(database.query(sql)).rejects.toMatchObject(NOT_PERMITTED);
  });
});

describe('the tables themselves refuse', () => {
  let partner: string;

  beforeAll(async () => {
    const sql = `INSERT INTO registry.partners (slug, legal_name) VALUES ('acme', 'Acme') RETURNING id`;
    partner = (await database.query(sql))[0].id;
  });

  const insertClient = async (columns: Record<string, unknown>): Promise<string> => {
    const row = { partner_id: partner, client_name: 'Importer', environment: 'sandbox', ...columns };
    const names = Object.keys(row);
    const places = names.map((_, at) => `$${at + 1}`);
    const sql = `INSERT INTO registry.clients (${names.join(', ')}) VALUES (${places.join(', ')}) RETURNING id`;
    return (await database.query(sql, Object.values(row)))[0].id;
  };

  it.each([
    ['an unknown status', { status: 'dormant' }],
    ['a lifetime below a minute', { access_token_ttl: 59 }],
    ['a lifetime above a quarter of an hour', { access_token_ttl: 901 }],
    ['an active client without a subject', { status: 'active' }],
    ['two subjects', { tls_client_auth_subject_dn: 'CN=a', tls_client_auth_san_uri: 'urn:a' }],
    [
      'two subjects of an active client',
      { status: 'active', tls_client_auth_subject_dn: 'CN=a', tls_client_auth_san_dns: 'a' },
    ],
    ['an over-long name', { client_name: 'x'.repeat(201) }],
    ['an unknown environment', { environment: 'staging' }],
  ])('a client with %s', async (_, columns) => {
    await expect(insertClient(columns)).rejects.toMatchObject(CHECK_VIOLATION);
  });

  it('a grant that crosses environments, by foreign key', async () => {
    const client_id = await insertClient({ environment: 'sandbox' });
    const [server] = await database.query(
      `INSERT INTO registry.resource_servers (audience, name, environment) VALUES ('https://p.example', 'P', 'production') RETURNING id`,
    );
    const [scope] = await database.query(
      `INSERT INTO registry.scopes (resource_server_id, name, description) VALUES ($1, 'x', 'X') RETURNING id`,
      [server.id],
    );
    for (const environment of ['sandbox', 'production']) {
      const grant = database.query(
        'INSERT INTO registry.grants (client_id, resource_server_id, scope_id, environment) VALUES ($1, $2, $3, $4)',
        [client_id, server.id, scope.id, environment],
      );
      await expect(grant).rejects.toMatchObject(FOREIGN_KEY_VIOLATION);
    }
    const client = insertClient({ environment: 'sandbox', default_resource: 'https://p.example' });
    await expect(client).rejects.toMatchObject(FOREIGN_KEY_VIOLATION);
  });

  it('a second platform partner', async () => {
    const insert = (slug: string) =>
      database.query(`INSERT INTO registry.partners (slug, legal_name, is_platform) VALUES ($1, 'P', true)`, [slug]);
    await insert('platform');
    await expect(insert('platform-2')).rejects.toMatchObject({ code: '23505', constraint: 'partners_one_platform' });
  });
});

describe('lists', () => {
  it.each([
    ['partners', `SELECT * FROM registry.partners WHERE id > $1 ORDER BY id LIMIT 51`],
    ['clients', `SELECT * FROM registry.clients WHERE id > $1 ORDER BY id LIMIT 51`],
    ['clients of a partner', `SELECT * FROM registry.clients WHERE partner_id = $1 AND id > $1 ORDER BY id LIMIT 51`],
    [
      'certificates of a client',
      `SELECT * FROM registry.certificates WHERE client_id = $1 AND id > $1 ORDER BY id LIMIT 51`,
    ],
    ['grants of a client', `SELECT * FROM registry.grants WHERE client_id = $1 AND id > $1 ORDER BY id LIMIT 51`],
    ['resource servers', `SELECT * FROM registry.resource_servers WHERE id > $1 ORDER BY id LIMIT 51`],
    ['partners by status', `SELECT * FROM registry.partners WHERE status = 'active' AND id > $1 ORDER BY id LIMIT 51`],
    ['clients by status', `SELECT * FROM registry.clients WHERE status = 'active' AND id > $1 ORDER BY id LIMIT 51`],
    [
      'certificates by status',
      `SELECT * FROM registry.certificates WHERE status = 'active' AND id > $1 ORDER BY id LIMIT 51`,
    ],
    [
      'certificates by expiry',
      `SELECT * FROM registry.certificates WHERE not_after < now() AND (not_after, id) > (now(), $1)
        ORDER BY not_after, id LIMIT 51`,
    ],
    [
      'certificates that expire soon',
      `SELECT * FROM registry.certificates WHERE not_after > now() AND not_after < now() + interval '30 days'
        AND (not_after, id) > (now(), $1) ORDER BY not_after, id LIMIT 51`,
    ],
    [
      'certificates of a partner',
      `SELECT * FROM registry.certificates WHERE partner_id = $1 AND id > $1 ORDER BY id LIMIT 51`,
    ],
    [
      'certificates of a partner by expiry',
      `SELECT * FROM registry.certificates WHERE partner_id = $1 AND not_after < now() AND (not_after, id) > (now(), $1)
        ORDER BY not_after, id LIMIT 51`,
    ],
    [
      'certificates that are counted by days left',
      `SELECT id FROM registry.certificates WHERE status = 'active' AND not_after > now() AND not_after <= now() + interval '90 days'
        ORDER BY not_after, id LIMIT 100000`,
    ],
    [
      'certificates of a partner that are counted by days left',
      `SELECT id FROM registry.certificates WHERE status = 'active' AND not_after > now() AND not_after <= now() + interval '90 days'
        AND partner_id = $1 ORDER BY not_after, id LIMIT 100000`,
    ],
    [
      'certificates that have expired',
      `SELECT id FROM registry.certificates WHERE status IN ('active', 'expired') AND not_after > now() - interval '30 days'
        AND not_after <= now() ORDER BY not_after DESC, id DESC LIMIT 100000`,
    ],
    [
      'clients that a changed anchor concerns',
      `SELECT a.id FROM (SELECT l.client_id AS id FROM registry.client_trust_anchors l JOIN registry.clients c ON c.id = l.client_id
        WHERE l.trust_anchor_id = $1 AND c.status <> 'retired') a WHERE a.id > $1 ORDER BY a.id LIMIT 51`,
    ],
    ['grants by status', `SELECT * FROM registry.grants WHERE status = 'requested' AND id > $1 ORDER BY id LIMIT 51`],
    [
      'grants by server',
      `SELECT * FROM registry.grants WHERE resource_server_id = $1 AND id > $1 ORDER BY id LIMIT 51`,
    ],
    [
      'contacts of a partner',
      `SELECT * FROM registry.partner_contacts WHERE partner_id = $1 AND erased_at IS NULL AND id > $1 ORDER BY id LIMIT 51`,
    ],
    [
      'trust anchors of a partner',
      `SELECT * FROM registry.trust_anchors WHERE partner_id = $1 AND id > $1 ORDER BY id LIMIT 51`,
    ],
    [
      'dependents of an anchor',
      `SELECT * FROM registry.client_trust_anchors WHERE trust_anchor_id = $1 AND client_id > $1 ORDER BY client_id LIMIT 51`,
    ],
  ])('of %s are read in order from an index, without sorting', async (_, sql) => {
    const url = new URL(database.adminUrl);
    url.searchParams.set('options', '-c enable_seqscan=off -c enable_bitmapscan=off');
    const statement = `EXPLAIN (FORMAT JSON) ${sql.replaceAll('$1', `'${randomUUID()}'::uuid`)}`;
    const plan = JSON.stringify(await database.query(statement, [], url.href));
    expect(plan).toContain('Index Scan');
    expect(plan).not.toMatch(/"Sort"|Seq Scan/);
  });
});

describe('migrating', () => {
  it('a second time does nothing', async () => {
    const again = migrate({ url: database.migrationUrl, roles: databaseRoles, migrations, log: () => undefined });
    expect(await again).toEqual([]);
  });

  it('before the token service’s database was prepared says what to do, and leaves nothing', async () => {
    const server = await startPostgres();
    try {
      const url = server.urlFor('migrator', 'migrator-secret');
      const runtimeUrl = server.urlFor(databaseRoles.appRole, 'app-secret');
      const log = () => undefined;
      await prepareDatabase({ adminUrl: server.adminUrl, runtimeUrl, migrationUrl: url, roles: databaseRoles, log });
      const migration = migrate({ url, roles: databaseRoles, migrations, log });
      await expect(migration).rejects.toThrow('run prepare-database of the token service first');
    } finally {
      await server.stop();
    }
  });
});

describe('starting the registry', () => {
  it('is refused with a login that may do more than it needs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'partner-registry-'));
    try {
      const authority = await createAuthority({ name: 'Test Authority' });
      const issuer = { issuer: 'https://localhost:1', jwksUri: 'https://localhost:1/jwks' };
      const config = { ...(await testConfig(authority, issuer, folder)), databaseUrl: database.adminUrl };
      const logger = createLogger({ name: 'partner-registry', version: 'test', level: 'silent' });
      await expect(servePartnerRegistry(config, logger)).rejects.toMatchObject({ code: 'privilege_excessive' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
