import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { StackError } from '../stack-error.js';
import { ALL_ROLES } from './app-role.js';
import type { StackDatabase } from './stack-database.js';

const LOWEST_VERSION = 180_000;

/**
 * Creates a database of a random name in somebody's server; `stop` drops it and the apps' roles. Roles belong to the
 * whole server and starting would change their passwords, so a server that has them already is refused.
 * Errors: StackError `database_unusable`, or what the server says.
 */
export async function borrowDatabase(serverUrl: string): Promise<StackDatabase> {
  const name = `partner_ecosystem_${randomBytes(6).toString('hex')}`;
  await withClient(serverUrl, async (client) => {
    await assertUsable(client);
    await client.query(`CREATE DATABASE ${name}`);
  });
  const urlFor = (user: string, password: string): string => {
    const url = new URL(serverUrl);
    Object.assign(url, { username: user, password, pathname: `/${name}` });
    return url.href;
  };
  const { username, password } = new URL(serverUrl);
  return {
    adminUrl: urlFor(decodeURIComponent(username), decodeURIComponent(password)),
    urlFor,
    stop: () =>
      withClient(serverUrl, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        await client.query(`DROP ROLE IF EXISTS ${ALL_ROLES.join(', ')}`);
      }),
  };
}

async function assertUsable(client: pg.Client): Promise<void> {
  const version = await client.query<{ number: number; text: string }>(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS text`,
  );
  const { number, text } = version.rows[0]!;
  if (number < LOWEST_VERSION) {
    throw new StackError('database_unusable', `DATABASE_ADMIN_URL is PostgreSQL ${text}; 18 or newer is needed.`);
  }
  const existing = await client.query<{ rolname: string }>('SELECT rolname FROM pg_roles WHERE rolname = ANY($1)', [
    ALL_ROLES,
  ]);
  if (existing.rowCount === 0) return;
  const roles = existing.rows.map(({ rolname }) => rolname).join(', ');
  throw new StackError(
    'database_unusable',
    `The server of DATABASE_ADMIN_URL already has the roles ${roles}: another stack or an installation uses it, ` +
      'and starting here would change their passwords. Use another server, or drop those roles when nothing needs them.',
  );
}

async function withClient(url: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 60_000 });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
