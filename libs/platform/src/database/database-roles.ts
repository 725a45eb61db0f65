import { DatabaseError } from './database-error.js';

export interface DatabaseRoles {
  /** Everything the application stores is in this schema. */
  schema: string;
  /** Owns the schema and what is in it; nobody logs in with it, migrations run as it. */
  ownerRole: string;
  /** The login of the running application: data only, owns nothing. */
  appRole: string;
}

// what needs no quotes in SQL, in connection options and in a connection URL alike
const PLAIN_IDENTIFIER = /^[a-z_][a-z0-9_]{0,62}$/;

/** Throws `identifier_invalid` for a name that PostgreSQL would cut, fold or take for its own, and for two equal roles. */
export function assertPlainRoles({ schema, ownerRole, appRole }: DatabaseRoles): void {
  for (const name of [schema, ownerRole, appRole]) {
    if (!PLAIN_IDENTIFIER.test(name) || name.startsWith('pg_') || name === 'public') {
      throw new DatabaseError(
        'identifier_invalid',
        `${JSON.stringify(name)} cannot name a schema or role: use a-z, 0-9 and _, at most 63 characters, neither "public" nor "pg_…".`,
      );
    }
  }
  if (ownerRole === appRole) {
    throw new DatabaseError('identifier_invalid', `The owner and the application cannot be one role ("${appRole}").`);
  }
}

export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
