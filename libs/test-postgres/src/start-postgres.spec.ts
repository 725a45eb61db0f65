import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startPostgres, type PostgresServer, type StartPostgresOptions } from './start-postgres.js';
import { unprivilegedUser } from './unprivileged-user.js';

const running: PostgresServer[] = [];
const isRoot = process.getuid?.() === 0;

async function start(options?: StartPostgresOptions): Promise<PostgresServer> {
  const server = await startPostgres(options);
  running.push(server);
  return server;
}

async function query(url: string, text: string): Promise<Record<string, unknown>> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(text)).rows[0] ?? {};
  } finally {
    await client.end();
  }
}

const dataDirectory = async (server: PostgresServer) =>
  String((await query(server.adminUrl, 'SHOW data_directory')).data_directory);

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

describe('startPostgres', () => {
  it('serves an empty UTF-8 database partner_ecosystem of PostgreSQL 18 on the loopback address only', async () => {
    const { adminUrl } = await start();
    expect(
      await query(
        adminUrl,
        `SELECT current_database() AS name, current_setting('server_version_num')::int / 10000 AS major,
                pg_encoding_to_char(encoding) AS encoding, current_setting('listen_addresses') AS addresses,
                current_setting('unix_socket_directories') AS sockets, upper('é') AS upper
           FROM pg_database WHERE datname = current_database()`,
      ),
    ).toEqual({
      name: 'partner_ecosystem',
      major: 18,
      encoding: 'UTF8',
      addresses: '127.0.0.1',
      sockets: '',
      upper: 'É',
    });
  });

  it('begins with what a template has, which it never changes', async () => {
    const first = await start();
    await query(first.adminUrl, 'CREATE TABLE t (n int)');
    await query(first.adminUrl, "CREATE ROLE clerk LOGIN PASSWORD 'secret'");
    const template = await first.asTemplate();
    await expect(query(first.adminUrl, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
    for (let copies = 0; copies < 2; copies += 1) {
      const { adminUrl, urlFor } = await start({ template });
      expect(await query(adminUrl, 'INSERT INTO t VALUES (1) RETURNING (SELECT count(*) FROM t)')).toEqual({
        count: '0',
      });
      expect(await query(urlFor('clerk', 'secret'), 'SELECT current_user AS name')).toEqual({ name: 'clerk' });
    }
    await first.stop();
    await expect(start({ template })).rejects.toThrow(/could not be copied/);
  });

  it('asks for the random password, and builds the URL of another login with what needs escaping', async () => {
    const server = await start();
    await expect(query(server.urlFor('postgres', 'guess'), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    await query(server.adminUrl, `CREATE ROLE "a/b" LOGIN PASSWORD 'p@ss:w%rd/'`);
    expect(await query(server.urlFor('a/b', 'p@ss:w%rd/'), 'SELECT current_user AS me')).toEqual({ me: 'a/b' });
  });

  it('runs two servers at once that share nothing', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    await query(one.adminUrl, 'CREATE TABLE only_here (id int)');
    expect(one.port).not.toBe(two.port);
    expect(new URL(one.adminUrl).password).not.toBe(new URL(two.adminUrl).password);
    expect(await query(two.adminUrl, `SELECT to_regclass('only_here') AS found`)).toEqual({ found: null });
  });

  it('gives durability up only when fast', async () => {
    const [fast, durable] = await Promise.all([start(), start({ fast: false })]);
    expect(await query(fast.adminUrl, 'SHOW fsync')).toEqual({ fsync: 'off' });
    expect(await query(durable.adminUrl, 'SHOW fsync')).toEqual({ fsync: 'on' });
  });

  it('hands every line Postgres prints to log', async () => {
    const lines: string[] = [];
    const server = await start({ log: (line) => lines.push(line) });
    await query(server.adminUrl, 'SELECT 1/0').catch(() => undefined);
    await server.stop();
    expect(lines.join('\n')).toMatch(/ready to accept connections[^]*division by zero[^]*system is shut down/);
  });

  it('listens on the port it is given, and refuses a busy one with a sentence that names it', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(start({ port })).rejects.toMatchObject({
      code: 'port_busy',
      message: expect.stringMatching(new RegExp(`port ${port} .*choose another port`)) as string,
    });
    await new Promise((resolve) => other.close(resolve));
    expect((await start({ port })).port).toBe(port);
  });

  it('runs as nobody for root and as oneself otherwise, with a data directory closed to others', async () => {
    const data = await dataDirectory(await start());
    const { uid } = await stat(join(data, 'postmaster.pid'));
    expect(uid).toBe(isRoot ? unprivilegedUser()?.uid : process.getuid?.());
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    expect((await stat(dirname(data))).mode & 0o777).toBe(isRoot ? 0o711 : 0o700);
    expect(await readdir(dirname(data))).not.toContain('password');
  });

  it('stops with clients connected, twice, and leaves neither a process nor a file nor a listener for exit', async () => {
    const listeners = process.listenerCount('exit');
    const server = await start();
    const data = await dataDirectory(server);
    const client = new Client({ connectionString: server.adminUrl });
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    expect(existsSync(dirname(data))).toBe(false);
    expect(() => process.kill(Number(rows[0]?.pid), 0)).toThrow('ESRCH');
    await expect(query(server.adminUrl, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(process.listenerCount('exit')).toBe(listeners);
  });

  it('refuses a temporary directory the other user cannot enter, saying so; oneself can always use it', async () => {
    const closed = await mkdtemp(join(tmpdir(), 'closed-'));
    await chmod(closed, 0o700);
    vi.stubEnv('TMPDIR', closed);
    if (isRoot) {
      await expect(start()).rejects.toMatchObject({
        code: 'directory_unreachable',
        message: expect.stringMatching(/"nobody", who cannot enter .*: set TMPDIR/) as string,
      });
    } else {
      await (await start()).stop();
    }
    expect(await readdir(closed)).toEqual([]);
    await rm(closed, { recursive: true });
  });
});
