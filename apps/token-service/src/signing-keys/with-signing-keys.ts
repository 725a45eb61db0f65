import { assertLeastPrivilege, DatabaseError } from '@partner-ecosystem/platform/database';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../database/data-source.js';
import { databaseRoles } from '../database/database-roles.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

/**
 * For the commands: the stored keys, reached as the running service reaches them.
 * @throws DatabaseError
 */
export async function withSigningKeys<T>(
  databaseUrl: string,
  work: (keys: SigningKeysRepository) => Promise<T>,
): Promise<T> {
  const database = new DataSource(dataSourceOptions(databaseUrl));
  await database.initialize().catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.message || cause.code;
    throw new DatabaseError('connection_failed', `Cannot connect with DATABASE_URL: ${reason}.`, { cause });
  });
  try {
    await assertLeastPrivilege(database, databaseRoles);
    return await work(new SigningKeysRepository(database));
  } finally {
    await database.destroy();
  }
}
