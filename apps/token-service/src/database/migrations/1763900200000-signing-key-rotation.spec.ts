import { randomBytes } from 'node:crypto';
import { migrate, prepareDatabase } from '@partner-ecosystem/platform/database';
import { startPostgres, type PostgresServer } from '@partner-ecosystem/test-postgres';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { databaseRoles } from '../database-roles.js';
import { SigningKeys1763800000000 } from './1763800000000-signing-keys.js';
import { SigningKeyRotation1763900200000 } from './1763900200000-signing-key-rotation.js';

const log = () => undefined;
const kid = (letter: string): string => letter.repeat(43);
let postgres: PostgresServer;
let admin: DataSource;

beforeAll(async () => {
  postgres = await startPostgres();
  const runtimeUrl = postgres.urlFor(databaseRoles.appRole, randomBytes(12).toString('hex'));
  await prepareDatabase({ adminUrl: postgres.adminUrl, runtimeUrl, roles: databaseRoles, log });
  await migrate({ url: postgres.adminUrl, roles: databaseRoles, migrations: [SigningKeys1763800000000], log });
  admin = await new DataSource({ type: 'postgres', url: postgres.adminUrl, installExtensions: false }).initialize();
});
afterAll(async () => {
  await admin?.destroy();
  await postgres?.stop();
});

const states = () => admin.query('SELECT kid, status, created_at FROM token.signing_key ORDER BY kid');

it('A28: keys from before go on as they were, and the way back keeps those that both sides know', async () => {
  await admin.query(
    `INSERT INTO token.signing_key (kid, alg, status, public_jwk, private_jwe, created_at)
     SELECT repeat(letter, 43), 'ES256', status, '{}', 'jwe', '2026-01-01Z'
       FROM (VALUES ('a', 'current'), ('b', 'retired')) given (letter, status)`,
  );
  const before = await states();
  const migrations = [SigningKeys1763800000000, SigningKeyRotation1763900200000];
  await migrate({ url: postgres.adminUrl, roles: databaseRoles, migrations, log });
  expect(await states()).toEqual(before);
  const [dates] = (await admin.query(
    `SELECT max(activated_at) FILTER (WHERE status = 'current') AS activated,
            max(retired_at) > now() - interval '1 hour' AS "stillPublished" FROM token.signing_key`,
  )) as [object];
  expect(dates).toEqual({ activated: new Date('2026-01-01Z'), stillPublished: true });

  await admin.query(
    `INSERT INTO token.signing_key (kid, alg, status, public_jwk, private_jwe) VALUES ($1, 'ES256', 'next', '{}', 'jwe')`,
    [kid('c')],
  );
  await new SigningKeyRotation1763900200000().down(admin.createQueryRunner());
  expect(await states()).toEqual(before);
});
