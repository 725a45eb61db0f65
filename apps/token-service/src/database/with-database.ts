import { assertLeastPrivilege, DatabaseError } from '@partner-ecosystem/platform/database';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import { databaseRoles } from './database-roles.js';

/**
 * For the commands: the database, reached as the running service reaches it.
 * @throws DatabaseError
 */
export async function withDatabase<T>(databaseUrl: string, work: (database: DataSource) => Promise<T>): Promise<T> {
  const database = new DataSource(dataSourceOptions(databaseUrl));
  await database.initialize().catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.message || cause.code;
    throw new DatabaseError('connection_failed', `Cannot connect with DATABASE_URL: ${reason}.`, { cause });
  });
  try {
    await assertLeastPrivilege(database, databaseRoles);
    return await work(database);
  } finally {
    await database.destroy();
  }
}
