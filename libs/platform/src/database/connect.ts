import { Client } from 'pg';
import { DatabaseError } from './database-error.js';
import { loginOf } from './login-url.js';

export const CONNECT_TIMEOUT_MS = 10_000;

/** One connection outside any pool; `connection_failed` says where and as whom. The caller ends it. */
export async function connect(url: string, name: string): Promise<Client> {
  loginOf(url, name);
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // a lost connection also fails the query that runs; unheard, the event would end the process
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw connectionFailed(error, url, name);
  }
}

export function connectionFailed(error: unknown, url: string, name: string): DatabaseError {
  const { user, database } = loginOf(url, name);
  const { message, code } = error as NodeJS.ErrnoException;
  return new DatabaseError(
    'connection_failed',
    `Cannot connect with ${name} to ${new URL(url).host}, database "${database}", as "${user}": ${message || code}.`,
    { cause: error },
  );
}
