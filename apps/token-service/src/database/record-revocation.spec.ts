import { migrate, prepareDatabase } from '@partner-ecosystem/platform/database';
import { startPostgres, type PostgresServer } from '@partner-ecosystem/test-postgres';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { migrations } from './data-source.js';
import { databaseRoles } from './database-roles.js';

// The contract with the partner registry, which calls the function in its own transactions.

const CALL = 'SELECT token.record_revocation($1, $2, $3, $4) AS seq';
const CLIENT = { client_id: `cli_${'1'.repeat(32)}` };
const registryRoles = { schema: 'registry', ownerRole: 'partner_registry_owner', appRole: 'partner_registry_app' };
const NOT_PERMITTED = { code: '42501' };
const REFUSED = { code: '23514' };

let postgres: PostgresServer;
let service: pg.Client;
let registry: pg.Client;
let registryUrl: string;

beforeAll(async () => {
  postgres = await startPostgres();
  await prepare(postgres.urlFor(databaseRoles.appRole, 'app-secret'), databaseRoles);
});

afterAll(async () => {
  await Promise.all([service?.end(), registry?.end()]);
  await postgres?.stop();
});

const prepare = (runtimeUrl: string, roles: typeof databaseRoles) =>
  prepareDatabase({ adminUrl: postgres.adminUrl, runtimeUrl, roles, log: () => undefined });

const connect = async (url: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
};
const migrated = () => migrate({ url: postgres.adminUrl, roles: databaseRoles, migrations, log: () => undefined });

it('migrating before the registry’s database was prepared says what to do, and leaves nothing of it', async () => {
  await expect(migrated()).rejects.toThrow('run prepare-database of the partner registry first');
});

describe('token.record_revocation', () => {
  beforeAll(async () => {
    registryUrl = postgres.urlFor(registryRoles.appRole, 'registry-secret');
    await prepare(registryUrl, registryRoles);
    await migrated();
    registry = await connect(registryUrl);
    service = await connect(postgres.urlFor(databaseRoles.appRole, 'app-secret'));
  });

  beforeEach(async () => {
    const admin = await connect(postgres.adminUrl);
    await admin.query('TRUNCATE token.revocation');
    await admin.query('UPDATE token.revocation_counter SET last_seq = 0');
    await admin.end();
  });

  const record = async (
    mode: string,
    kind = 'client',
    subject: object = CLIENT,
    reason = 'because',
    within?: object | string,
  ) => {
    const call = within ? 'SELECT token.record_revocation($1, $2, $3, $4, $5) AS seq' : CALL;
    const values = [kind, subject, mode, reason, ...(within ? [within] : [])];
    return (await registry.query<{ seq: string | null }>(call, values)).rows[0]!.seq;
  };
  const aheadOf = (entry: Record<string, unknown>) =>
    (entry['issued_before'] as Date).getTime() - (entry['recorded_at'] as Date).getTime();
  const entries = async () => {
    const sql = `SELECT *, seq::int AS seq, extract(epoch FROM expires_at - recorded_at)::int AS lives FROM token.revocation r ORDER BY r.seq`;
    return (await service.query<Record<string, unknown>>(sql)).rows;
  };

  it('off refuses whatever was and will be issued, until nothing is left to refuse', async () => {
    await record('off');
    expect(await entries()).toMatchObject([
      { seq: 1, kind: 'client', subject: CLIENT, mode: 'off', issued_before: null, reason: 'because', lives: 990 },
    ]);
  });

  it('on turns an off into a cutoff two seconds past that moment, as clocks may differ by so much, under a new number', async () => {
    await record('off');
    const before = new Date();
    await record('on', 'client', CLIENT, 'explained');
    const [entry, ...others] = await entries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ seq: 2, mode: 'cutoff', reason: 'explained', lives: 990 });
    expect(aheadOf(entry!)).toBe(2_000);
    expect((entry!['recorded_at'] as Date).getTime()).toBeGreaterThanOrEqual(before.getTime() - 1);
  });

  it('answers with the number the entry has now, and with none where there was nothing to turn on', async () => {
    expect(await record('off')).toBe('1');
    expect(await record('on')).toBe('2');
    expect(await record('on')).toBeNull();
    expect(await record('cutoff', 'all', {})).toBe('3');
  });

  it('on does nothing where nothing is off, and takes no number', async () => {
    await record('on');
    expect(await entries()).toEqual([]);
    await record('cutoff');
    await record('on');
    expect(await entries()).toMatchObject([{ seq: 1, mode: 'cutoff' }]);
  });

  it('a cutoff leaves off what is off', async () => {
    await record('off');
    await record('cutoff');
    expect(await entries()).toMatchObject([{ seq: 2, mode: 'off', issued_before: null }]);
  });

  it('an off that ran out is none', async () => {
    await record('off');
    const admin = await connect(postgres.adminUrl);
    await admin.query(`UPDATE token.revocation SET expires_at = clock_timestamp() - interval '1 second'`);
    await admin.end();
    await record('on');
    expect(await entries()).toMatchObject([{ seq: 1, mode: 'off' }]);
    await record('cutoff');
    expect(await entries()).toMatchObject([{ seq: 2, mode: 'cutoff' }]);
  });

  it.each([
    ['partner', { partner_id: `ptn_${'1'.repeat(32)}` }],
    ['client', CLIENT],
    ['certificate', { thumbprint: 'A'.repeat(43) }],
    ['grant', { ...CLIENT, audience: 'https://a.example', scope: 'x' }],
  ])('knows a %s by the claims of a token, and whom it belongs to', async (kind, subject) => {
    const within = { ...CLIENT, partner_id: `ptn_${'1'.repeat(32)}` };
    await record('off', kind, subject, 'because', { partner_id: within.partner_id });
    await record('off', kind, subject, 'because', CLIENT);
    expect(await entries()).toMatchObject([{ kind, subject, within }]);
  });

  it('everybody can only be cut off: an off would be for ever', async () => {
    await record('cutoff', 'all', {});
    expect(await entries()).toMatchObject([{ kind: 'all', subject: {}, mode: 'cutoff' }]);
    await expect(record('off', 'all', {})).rejects.toMatchObject(REFUSED);
    await expect(record('off', 'all', CLIENT)).rejects.toMatchObject(REFUSED);
  });

  it('a cutoff right after another one reaches the tokens that were dated just past the first', async () => {
    const partner = { partner_id: `ptn_${'1'.repeat(32)}` };
    await record('cutoff', 'partner', partner);
    await record('cutoff', 'client', { client_id: `cli_${'2'.repeat(32)}` }, 'because', {
      partner_id: `ptn_${'2'.repeat(32)}`,
    });
    await record('cutoff', 'client', CLIENT, 'because', partner);
    await record('off', 'client', CLIENT);
    await record('on', 'client', CLIENT);
    const rows = await entries();
    const [first, , last] = rows.map((entry) => entry['issued_before'] as Date);
    expect(aheadOf(rows[1]!)).toBe(aheadOf(rows[0]!)); // somebody else's is not pushed ahead by it
    // Whoever asked in between got a token of that second, or of the one after the second cutoff.
    const dated = Math.floor(first!.getTime() / 1_000) * 1_000 + 1_000;
    expect(last!.getTime()).toBeGreaterThanOrEqual(dated + 1_000);
    expect(aheadOf(rows[2]!)).toBeLessThanOrEqual(5_000);
  });

  it.each([
    ['an unknown kind', 'token', { jti: 'x' }],
    ['a kind that is ours to record', 'jti', { jti: 'x'.repeat(27) }],
    ['another', 'key', { kid: 'x'.repeat(43) }],
    ['a subject of another kind', 'partner', CLIENT],
    ['an empty subject', 'client', {}],
    ['a member too much', 'client', { ...CLIENT, scope: 'x' }],
    ['half a grant', 'grant', { ...CLIENT, scope: 'x' }],
    ['a uuid', 'client', { client_id: '0198c2f0-1111-7222-8333-012345678901' }],
    ['null', 'client', { client_id: null }],
  ])('refuses %s, which would revoke nothing', async (_, kind, subject) => {
    await expect(record('off', kind, subject)).rejects.toMatchObject(REFUSED);
  });

  it.each([
    ['a uuid', { client_id: '0198c2f0-1111-7222-8333-012345678901' }],
    ['something else', { thumbprint: 'A'.repeat(43) }],
    ['a list', '["x"]'],
  ])('refuses %s as what the subject belongs to', async (_, within) => {
    await expect(record('off', 'client', CLIENT, 'because', within)).rejects.toMatchObject(REFUSED);
  });

  it('refuses an unknown mode, and none', async () => {
    await expect(record('away')).rejects.toMatchObject({ code: '22023' });
    await expect(registry.query(CALL, ['client', CLIENT, null, 'x'])).rejects.toMatchObject({ code: '22023' });
  });

  it('numbers become visible in their order: a second recorder waits for the first, and a rolled back one leaves no gap', async () => {
    await registry.query('BEGIN');
    await record('off');
    const other = await connect(registryUrl);
    const second = other.query(CALL, ['partner', { partner_id: `ptn_${'2'.repeat(32)}` }, 'off', 'because']);
    const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%record_revocation%'`;
    const admin = await connect(postgres.adminUrl);
    await vi.waitFor(async () => expect((await admin.query(waiting)).rowCount).toBe(1), { timeout: 240_000 });
    await admin.end();
    expect(await entries()).toEqual([]);
    await registry.query('ROLLBACK');
    await second;
    await other.end();
    expect(await entries()).toMatchObject([{ seq: 1, kind: 'partner' }]);
  });

  it('is all that the registry can do here', async () => {
    for (const sql of [
      'SELECT 1 FROM token.revocation',
      'DELETE FROM token.revocation',
      'SELECT 1 FROM token.signing_key',
    ]) {
      await expect(registry.query(sql)).rejects.toMatchObject(NOT_PERMITTED);
    }
  });

  it('is not for the token service’s own role, nor for anybody else', async () => {
    await expect(service.query(CALL, ['client', CLIENT, 'off', 'x'])).rejects.toMatchObject(NOT_PERMITTED);
    const { rows } = await service.query<{ acl: string }>(
      `SELECT proacl::text AS acl FROM pg_proc WHERE oid = 'token.record_revocation(text, jsonb, text, text, jsonb)'::regprocedure`,
    );
    expect(rows[0]!.acl).toMatch(
      /^\{token_service_owner=X\/token_service_owner,partner_registry_app=X\/token_service_owner\}$/,
    );
  });
});
