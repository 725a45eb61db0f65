import { randomBytes } from 'node:crypto';
import { migrate, prepareDatabase } from '@partner-ecosystem/platform/database';
import { startPostgres, type PostgresServer } from '@partner-ecosystem/test-postgres';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrations } from '../data-source.js';
import { databaseRoles } from '../database-roles.js';
import { RevocationFeed1764000000000 } from './1764000000000-revocation-feed.js';
import { SigningKeyPurpose1764000100000 } from './1764000100000-signing-key-purpose.js';

const log = () => undefined;
const registryRoles = { schema: 'registry', ownerRole: 'partner_registry_owner', appRole: 'partner_registry_app' };
const before = migrations.slice(0, migrations.indexOf(RevocationFeed1764000000000));
const CLIENT = JSON.stringify({ client_id: `cli_${'1'.repeat(32)}` });
let postgres: PostgresServer;
let admin: DataSource;

beforeAll(async () => {
  postgres = await startPostgres();
  for (const roles of [registryRoles, databaseRoles]) {
    const runtimeUrl = postgres.urlFor(roles.appRole, randomBytes(12).toString('hex'));
    await prepareDatabase({ adminUrl: postgres.adminUrl, runtimeUrl, roles, log });
  }
  await migrate({ url: postgres.adminUrl, roles: databaseRoles, migrations: before, log });
  admin = await new DataSource({ type: 'postgres', url: postgres.adminUrl, installExtensions: false }).initialize();
});
afterAll(async () => {
  await admin?.destroy();
  await postgres?.stop();
});

/** What the catalogue says about the schema, in words that do not depend on the order of making. */
const catalogue = () =>
  admin.query(
    `SELECT 'column' AS what, table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS text
       FROM information_schema.columns WHERE table_schema = 'token'
     UNION ALL SELECT 'constraint', conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
       FROM pg_constraint WHERE connamespace = 'token'::regnamespace AND conrelid <> 0
     UNION ALL SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'token'
     UNION ALL SELECT 'function', pg_get_functiondef(oid) || coalesce(proacl::text, '')
       FROM pg_proc WHERE pronamespace = 'token'::regnamespace
     UNION ALL SELECT 'grant', grantee || ' ' || privilege_type || ' ' || table_name || '.' || column_name
       FROM information_schema.column_privileges WHERE table_schema = 'token' AND grantee <> 'PUBLIC'
     ORDER BY 1, 2`,
  );
const rows = () => admin.query('SELECT seq, kind, subject, mode, issued_before FROM token.revocation ORDER BY seq');

it('entries and keys from before go on as they were, and the way back leads to the very same schema', async () => {
  await admin.query(`SELECT token.record_revocation('client', $1, 'off', 'x')`, [CLIENT]);
  await admin.query(
    `INSERT INTO token.signing_key (kid, alg, status, public_jwk, private_jwe)
     VALUES (repeat('a', 43), 'ES256', 'current', '{}', 'jwe')`,
  );
  const [schema, entries] = [await catalogue(), await rows()];
  await migrate({
    url: postgres.adminUrl,
    roles: databaseRoles,
    migrations: migrations.slice(0, before.length + 2),
    log,
  });
  expect(await rows()).toEqual(entries);
  expect(await admin.query('SELECT kid, purpose FROM token.signing_key')).toEqual([
    { kid: 'a'.repeat(43), purpose: 'access_token' },
  ]);

  await admin.query(
    `INSERT INTO token.signing_key (kid, alg, status, public_jwk, private_jwe, purpose)
     VALUES (repeat('b', 43), 'ES256', 'current', '{}', 'jwe', 'revocation_feed')`,
  );
  await admin.query(`SELECT token.record_revocation('client', $1, 'on', 'x')`, [CLIENT]);
  await admin.query(`SELECT token.record_revocation('client', $1, 'off', 'x')`, [CLIENT]);
  await admin.query(`SELECT token.record_key_distrust(repeat('a', 43), 'x')`);
  const owner = admin.createQueryRunner();
  await owner.query(`SET ROLE ${databaseRoles.ownerRole}`);
  await new SigningKeyPurpose1764000100000().down(owner);
  await new RevocationFeed1764000000000().down(owner);
  await owner.query('RESET ROLE');
  await owner.release();
  expect(await rows()).toEqual([{ ...(entries as object[])[0], seq: '3' }]);
  expect(await admin.query('SELECT kid FROM token.signing_key')).toEqual([{ kid: 'a'.repeat(43) }]);
  expect(await catalogue()).toEqual(schema);
});
