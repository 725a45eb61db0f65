import { randomBytes } from 'node:crypto';
import { chown, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { LOOPBACK } from './loopback-port.js';
import { run } from './run.js';
import type { ServerDirectory } from './server-directory.js';
import { TestPostgresError } from './test-postgres-error.js';
import type { UnprivilegedUser } from './unprivileged-user.js';

export const SUPERUSER = 'postgres';
export const DATABASE = 'partner_ecosystem';

const LISTEN_ON_LOOPBACK_ONLY = [`listen_addresses=${LOOPBACK}`, 'unix_socket_directories='];
const NOTHING_SURVIVES_A_CRASH = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** Makes an empty data directory and returns the superuser's random password. */
export async function initializeCluster(
  native: string,
  directory: ServerDirectory,
  user: UnprivilegedUser | undefined,
): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  const passwordFile = join(directory.path, 'password');
  try {
    await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
    if (user) await chown(passwordFile, user.uid, user.gid);
    const args = [
      ...['--pgdata', directory.data, '--username', SUPERUSER, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
      // the built-in provider sorts and folds alike on every operating system
      ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
      ...['--no-sync', '--no-instructions'],
    ];
    const { code, output } = await run({ file: join(native, 'bin', 'initdb'), args, cwd: directory.path, user });
    if (code !== 0) throw new TestPostgresError('start_failed', `initdb failed; it printed:\n${output}`);
    return password;
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Copies the data directory of a server that was stopped properly; what is in it stays, its superuser's password too. */
export async function copyCluster(
  template: string,
  directory: ServerDirectory,
  user: UnprivilegedUser | undefined,
): Promise<void> {
  const args = ['-R', `${template}/.`, directory.data];
  const { code, output } = await run({ file: 'cp', args, cwd: directory.path, user });
  if (code !== 0) throw new TestPostgresError('start_failed', `${template} could not be copied:\n${output}`);
}

export function serverArguments(data: string, port: number, fast: boolean): string[] {
  const settings = [
    `port=${port}`,
    'max_connections=100',
    ...LISTEN_ON_LOOPBACK_ONLY,
    ...(fast ? NOTHING_SURVIVES_A_CRASH : []),
  ];
  return ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
}

export function connectionUrl(port: number, user: string, password: string, database = DATABASE): string {
  return `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${LOOPBACK}:${port}/${database}`;
}

export async function createDatabase(port: number, password: string): Promise<void> {
  const client = new Client({ connectionString: connectionUrl(port, SUPERUSER, password, 'postgres') });
  try {
    await client.connect();
    await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}
