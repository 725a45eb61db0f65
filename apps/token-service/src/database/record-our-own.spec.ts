import { migrate, prepareDatabase } from '@partner-ecosystem/platform/database';
import { startPostgres, type PostgresServer } from '@partner-ecosystem/test-postgres';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { migrations } from './data-source.js';
import { databaseRoles } from './database-roles.js';

// What this service records itself, and what it may do to the revocations besides: nothing.

const registryRoles = { schema: 'registry', ownerRole: 'partner_registry_owner', appRole: 'partner_registry_app' };
const NOT_PERMITTED = { code: '42501' };
const JTI = 'j'.repeat(27);
const KID = 'k'.repeat(43);
const CLIENT = `cli_${'1'.repeat(32)}`;
const PARTNER = `ptn_${'1'.repeat(32)}`;

let postgres: PostgresServer;
let admin: pg.Client;
let service: pg.Client;
let registry: pg.Client;

const connect = async (url: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
};

beforeAll(async () => {
  postgres = await startPostgres();
  const { adminUrl } = postgres;
  const log = () => undefined;
  for (const roles of [registryRoles, databaseRoles]) {
    await prepareDatabase({ adminUrl, runtimeUrl: postgres.urlFor(roles.appRole, 'secret'), roles, log });
  }
  await migrate({ url: adminUrl, roles: databaseRoles, migrations, log });
  admin = await connect(adminUrl);
  service = await connect(postgres.urlFor(databaseRoles.appRole, 'secret'));
  registry = await connect(postgres.urlFor(registryRoles.appRole, 'secret'));
});

afterAll(async () => {
  await Promise.all([admin?.end(), service?.end(), registry?.end()]);
  await postgres?.stop();
});

beforeEach(() => admin.query('TRUNCATE token.revocation; UPDATE token.revocation_counter SET last_seq = 0'));

const revokeToken = (client: string | null = CLIENT, partner: string | null = PARTNER) =>
  service.query<{ seq: string }>(`SELECT token.record_token_revocation($1, $2, $3, 'x') AS seq`, [
    JTI,
    client,
    partner,
  ]);
const entries = async () => {
  const sql = `SELECT *, seq::int AS seq, extract(epoch FROM expires_at - recorded_at)::int AS lives FROM token.revocation r ORDER BY r.seq`;
  return (await service.query<Record<string, unknown>>(sql)).rows;
};

describe('what this service records', () => {
  it('a token is off for as long as any lives, and whom it belonged to is known', async () => {
    expect((await revokeToken()).rows).toEqual([{ seq: '1' }]);
    const within = { client_id: CLIENT, partner_id: PARTNER };
    expect(await entries()).toMatchObject([
      { seq: 1, kind: 'jti', subject: { jti: JTI }, mode: 'off', within, lives: 990 },
    ]);
    await revokeToken(null, null);
    expect(await entries()).toMatchObject([{ seq: 2, within }]);
  });

  it('A29: a distrusted key is off for a day, longer than anybody keeps a key set', async () => {
    await service.query(`SELECT token.record_key_distrust($1, 'x')`, [KID]);
    expect(await entries()).toMatchObject([{ kind: 'key', subject: { kid: KID }, mode: 'off', lives: 86_400 }]);
  });

  it('the listeners are told once it can be read, and not what was rolled back', async () => {
    const heard: string[] = [];
    const listener = await connect(postgres.urlFor(databaseRoles.appRole, 'secret'));
    listener.on('notification', ({ payload }) => void heard.push(String(payload)));
    await listener.query('LISTEN revocations');
    await service.query('BEGIN');
    await revokeToken();
    await service.query('ROLLBACK');
    await revokeToken();
    // Notifications come in the order of commits: with this one, all before it have come.
    await admin.query(`SELECT pg_notify('revocations', 'the last')`);
    await vi.waitFor(() => expect(heard).toContain('the last'), { timeout: 240_000 });
    expect(heard).toEqual(['1', 'the last']);
    await listener.end();
  });

  it('forgets what has expired, and nothing else', async () => {
    await revokeToken();
    await service.query(`SELECT token.record_key_distrust($1, 'x')`, [KID]);
    await admin.query(
      `UPDATE token.revocation SET expires_at = clock_timestamp() - interval '1 ms' WHERE kind = 'jti'`,
    );
    const forget = () => service.query<{ n: number }>('SELECT token.forget_expired_revocations() AS n');
    expect((await forget()).rows).toEqual([{ n: 1 }]);
    expect((await forget()).rows).toEqual([{ n: 0 }]);
    expect(await entries()).toMatchObject([{ kind: 'key' }]);
    expect((await service.query('SELECT last_seq FROM token.revocation_counter')).rows).toEqual([{ last_seq: '2' }]);
  });
});

describe('who may do what', () => {
  it.each([
    `INSERT INTO token.revocation (seq) VALUES (1)`,
    `UPDATE token.revocation SET mode = 'cutoff'`,
    'DELETE FROM token.revocation',
    'TRUNCATE token.revocation',
    'UPDATE token.revocation_counter SET last_seq = 0',
    `SELECT token.put_revocation('all', '{}', 'cutoff', 'x', '{}', '1 day')`,
    'SELECT token.revocation_history()',
  ])('the service may not: %s', async (sql) => {
    await expect(service.query(sql)).rejects.toMatchObject(NOT_PERMITTED);
  });

  it.each([
    `SELECT token.record_token_revocation('x', 'x', 'x', 'x')`,
    `SELECT token.record_key_distrust('x', 'x')`,
    `SELECT token.begin_revocation_epoch('x')`,
    'SELECT token.confirm_revocation_history()',
    'SELECT token.forget_expired_revocations()',
    `SELECT token.put_revocation('all', '{}', 'cutoff', 'x', '{}', '1 day')`,
    'SELECT epoch FROM token.revocation_counter',
  ])('the registry may not: %s', async (sql) => {
    await expect(registry.query(sql)).rejects.toMatchObject(NOT_PERMITTED);
  });
});
