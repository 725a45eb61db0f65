import { DatabaseError } from './database-error.js';

const OLDEST_MAJOR = 18;

/** `server_version_num` is 180004 for 18.4. Throws `postgres_too_old`. */
export function assertSupportedVersion(serverVersionNumber: number): void {
  const major = Math.floor(serverVersionNumber / 10_000);
  if (major >= OLDEST_MAJOR) return;
  const found = major >= 10 ? `${major}.${serverVersionNumber % 10_000}` : `number ${serverVersionNumber}`;
  throw new DatabaseError(
    'postgres_too_old',
    `The server is PostgreSQL ${found}, but ${OLDEST_MAJOR} or newer is needed: upgrade it or use another server.`,
  );
}
