import { withDatabase } from '../database/with-database.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

/**
 * For the commands: the stored keys, reached as the running service reaches them.
 * @throws DatabaseError
 */
export function withSigningKeys<T>(databaseUrl: string, work: (keys: SigningKeysRepository) => Promise<T>): Promise<T> {
  return withDatabase(databaseUrl, (database) => work(new SigningKeysRepository(database)));
}
