export type TestPostgresErrorCode =
  | 'platform_unsupported'
  | 'user_missing'
  | 'binaries_unusable'
  | 'directory_unreachable'
  | 'port_busy'
  | 'start_failed';

/** Why the server could not be started; the message is one sentence that says what to do, then Postgres' last lines. */
export class TestPostgresError extends Error {
  override readonly name = 'TestPostgresError';

  constructor(
    readonly code: TestPostgresErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
