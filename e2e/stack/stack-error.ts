export type StackErrorCode =
  | 'environment_invalid'
  | 'port_busy'
  | 'build_missing'
  | 'database_unusable'
  | 'command_failed'
  | 'app_ended'
  | 'not_ready'
  | 'onboarding_failed'
  | 'drill_failed'
  | 'already_running';

/** Why the stack could not be started or went down; the message says what to do, then what the process printed last. */
export class StackError extends Error {
  override readonly name = 'StackError';

  constructor(
    readonly code: StackErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
