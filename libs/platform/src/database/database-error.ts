export type DatabaseErrorCode =
  | 'identifier_invalid'
  | 'url_invalid'
  | 'login_mismatch'
  | 'password_invalid'
  | 'database_mismatch'
  | 'connection_failed'
  | 'postgres_too_old'
  | 'admin_insufficient'
  | 'role_unsafe'
  | 'privilege_excessive'
  | 'schema_missing'
  | 'owner_not_granted'
  | 'migrations_unknown'
  | 'migration_failed'
  | 'ping_timeout';

/** The database, or the login to it, is not what the process needs. The message says what to do and holds no password. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';

  constructor(
    readonly code: DatabaseErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
