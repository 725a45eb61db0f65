import { randomBytes } from 'node:crypto';
import { migrate, prepareDatabase } from '@partner-ecosystem/platform/database';
import { startPostgres, type PostgresServer } from '@partner-ecosystem/test-postgres';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DatabaseLateError } from '../../database/answered-within.js';
import { dataSourceOptions, migrations } from '../../database/data-source.js';
import { databaseRoles } from '../../database/database-roles.js';
import { isOutage } from '../../database/is-outage.js';
import { CLIENT_ID } from '../registered-client.fixture.spec.js';
import { UsedAssertions } from './used-assertions.repository.js';

// Our migrations grant to the registry's role.
const registryRoles = { schema: 'registry', ownerRole: 'partner_registry_owner', appRole: 'partner_registry_app' };

let postgres: PostgresServer;
let databases: DataSource[];
let replicas: UsedAssertions[];

const soon = () => new Date(Date.now() + 3_600_000);
const ended = () => new Date(Date.now() - 61_000);
const jti = () => randomBytes(8).toString('hex');

beforeAll(async () => {
  postgres = await startPostgres();
  const log = () => undefined;
  const url = postgres.urlFor(databaseRoles.appRole, randomBytes(12).toString('hex'));
  const { adminUrl } = postgres;
  await prepareDatabase({ adminUrl, runtimeUrl: url, roles: databaseRoles, log });
  const registryUrl = postgres.urlFor(registryRoles.appRole, randomBytes(12).toString('hex'));
  await prepareDatabase({ adminUrl, runtimeUrl: registryUrl, roles: registryRoles, log });
  await migrate({ url: adminUrl, roles: databaseRoles, migrations, log });
  databases = await Promise.all([1, 2].map(() => new DataSource(dataSourceOptions(url)).initialize()));
  replicas = databases.map((database) => new UsedAssertions(database));
});

afterAll(async () => {
  await Promise.all((databases ?? []).filter((each) => each.isInitialized).map((each) => each.destroy()));
  await postgres?.stop();
});

describe('A7: an assertion is good for once, on all replicas together', () => {
  it('the other replica refuses it', async () => {
    const [one, two] = replicas as [UsedAssertions, UsedAssertions];
    const assertion = { jti: jti(), expiresAt: soon() };
    expect(await one.useOnce(CLIENT_ID, assertion)).toBe(true);
    expect(await two.useOnce(CLIENT_ID, assertion)).toBe(false);
    expect(await one.useOnce(CLIENT_ID, assertion)).toBe(false);
  });

  it('of many at the same time one is accepted', async () => {
    const assertion = { jti: jti(), expiresAt: soon() };
    const attempts = Array.from({ length: 40 }, (_, index) => replicas[index % 2]!.useOnce(CLIENT_ID, assertion));
    expect((await Promise.all(attempts)).filter((fresh) => fresh)).toHaveLength(1);
  });

  it('another jti, and the same one of another client, are others', async () => {
    const [one] = replicas as [UsedAssertions];
    const assertion = { jti: jti(), expiresAt: soon() };
    expect(await one.useOnce(CLIENT_ID, assertion)).toBe(true);
    expect(await one.useOnce(CLIENT_ID, { ...assertion, jti: jti() })).toBe(true);
    expect(await one.useOnce(`cli_${'0'.repeat(32)}`, assertion)).toBe(true);
  });

  it('a jti may be any text', async () => {
    const [one] = replicas as [UsedAssertions];
    for (const text of ['a\0b', '\ud800', "'; DROP TABLE token.used_assertion; --", '漢'.repeat(256)]) {
      const assertion = { jti: text, expiresAt: soon() };
      expect([await one.useOnce(CLIENT_ID, assertion), await one.useOnce(CLIENT_ID, assertion)]).toEqual([true, false]);
    }
  });
});

describe('A7: it is kept until exp plus skew', () => {
  it('then it is forgotten, and no sooner', async () => {
    const [one, two] = replicas as [UsedAssertions, UsedAssertions];
    const [good, justOver, over] = [soon(), new Date(Date.now() - 30_000), ended()].map((expiresAt) => ({
      jti: jti(),
      expiresAt,
    }));
    for (const assertion of [good!, justOver!, over!]) await one.useOnce(CLIENT_ID, assertion);
    expect(await two.forgetExpired()).toBe(1);
    expect(await two.forgetExpired()).toBe(0);
    const fresh = [good!, justOver!, over!].map((assertion) => two.useOnce(CLIENT_ID, assertion));
    expect(await Promise.all(fresh)).toEqual([false, false, true]);
  });

  it('the service cannot make one usable again', async () => {
    for (const statement of [
      'DELETE FROM token.used_assertion',
      `UPDATE token.used_assertion SET kept_until = '-infinity'`,
      'TRUNCATE token.used_assertion',
    ]) {
      await expect(databases[0]!.query(statement)).rejects.toMatchObject({ driverError: { code: '42501' } });
    }
  });
});

describe('A7: with Postgres silent', () => {
  it('it fails in time, then at once, and what was given up may count as used', async () => {
    const [one] = replicas as [UsedAssertions];
    const assertion = { jti: jti(), expiresAt: soon() };
    const admin = new pg.Client({ connectionString: postgres.adminUrl });
    await admin.connect();
    await admin.query('BEGIN; LOCK TABLE token.used_assertion IN ACCESS EXCLUSIVE MODE');
    await expect(one.useOnce(CLIENT_ID, assertion)).rejects.toThrow(DatabaseLateError);
    const asked = vi.spyOn(databases[0]!, 'query');
    await expect(one.useOnce(CLIENT_ID, { ...assertion, jti: jti() })).rejects.toThrow(DatabaseLateError);
    expect(asked).not.toHaveBeenCalled();
    asked.mockRestore();
    await admin.query('COMMIT');
    await admin.end();
    await vi.waitFor(async () => expect(await one.useOnce(CLIENT_ID, assertion)).toBe(false), { timeout: 240_000 });
    expect(await one.useOnce(CLIENT_ID, { ...assertion, jti: jti() })).toBe(true);
  });
});

it('fails closed: with Postgres away nothing is taken for unused', async () => {
  await postgres.stop();
  const failure = await replicas[0]!
    .useOnce(CLIENT_ID, { jti: jti(), expiresAt: soon() })
    .catch((error: unknown) => error);
  expect(isOutage(failure)).toBe(true);
});
