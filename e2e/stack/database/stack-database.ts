import { appendFileSync } from 'node:fs';
import { startPostgres } from '@partner-ecosystem/test-postgres';
import { borrowDatabase } from './borrowed-database.js';

/** An empty database in a PostgreSQL >= 18. */
export interface StackDatabase {
  /** of a login that may create roles and schemas */
  adminUrl: string;
  /** the same database for another login */
  urlFor(user: string, password: string): string;
  /** nothing of it remains */
  stop(): Promise<void>;
}

/** The embedded server, or a database of our own in the one that `adminUrl` names. */
export async function openDatabase(options: { adminUrl: string | undefined; logFile: string }): Promise<StackDatabase> {
  if (options.adminUrl !== undefined) return borrowDatabase(options.adminUrl);
  return startPostgres({ log: (line) => appendFileSync(options.logFile, `${line}\n`, { mode: 0o600 }) });
}
