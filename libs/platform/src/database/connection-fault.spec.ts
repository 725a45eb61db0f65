import { createServer, type AddressInfo } from 'node:net';
import { startPostgres, type PostgresServer } from '@partner-ecosystem/test-postgres';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runtimeDataSource } from './runtime-data-source.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
  const admin = new Client({ connectionString: server.adminUrl });
  await admin.connect();
  await admin.query("CREATE ROLE good LOGIN PASSWORD 'right'");
  await admin.query("CREATE ROLE locked NOLOGIN PASSWORD 'right'");
  await admin.query('CREATE DATABASE closed');
  await admin.query('REVOKE CONNECT ON DATABASE closed FROM PUBLIC');
  await admin.end();
});
afterAll(() => server.stop());

/** What an app says that is started with this URL. */
async function said(url: string): Promise<string> {
  const log: string[] = [];
  const options = runtimeDataSource({
    url,
    schema: 'public',
    entities: [],
    applicationName: 'spec',
    log: (line) => log.push(line),
  });
  const error: unknown = await new DataSource(options).initialize().catch((thrown: unknown) => thrown);
  expect(options.toRetry(error)).toBe(true);
  expect(log.join('\n')).not.toMatch(/wrong-secret|right/);
  return log.join('\n');
}
const changed = (part: 'pathname' | 'port', value: string) => {
  const url = new URL(server.urlFor('good', 'right'));
  url[part] = value;
  return url.href;
};

it.each([
  ['the password is wrong', () => server.urlFor('good', 'wrong-secret'), /as "good": .*28P01: the password is wrong/],
  [
    'the login does not exist',
    () => server.urlFor('nobody', 'wrong-secret'),
    /as "nobody": .*28P01: the password is wrong, or/,
  ],
  [
    'the login may not log in',
    () => server.urlFor('locked', 'right'),
    /as "locked": .*28000: the login .*may not log in/,
  ],
  [
    'the database is missing',
    () => changed('pathname', '/absent'),
    /database "absent", .*3D000: the database does not exist/,
  ],
  [
    'the database lets it not in',
    () => changed('pathname', '/closed'),
    /42501: the login lacks a privilege on the database/,
  ],
])('A45: Postgres refuses at the start, as %s: the log says why and what to do', async (_, url, expected) => {
  expect(await said(url())).toMatch(expected);
});

it('A45: and where it is not there', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await vi.waitFor(() => expect(free.address()).not.toBeNull(), { timeout: 240_000 });
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  expect(await said(changed('port', `${port}`))).toMatch(/ECONNREFUSED: nothing listens there\.$/);
  expect(await said('postgresql://good:right@host.invalid/postgres')).toMatch(
    /(ENOTFOUND|EAI_AGAIN): the name of the host/,
  );
});
