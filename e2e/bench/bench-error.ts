/** Why there is no result. */
export class BenchError extends Error {
  override readonly name = 'BenchError';

  constructor(
    readonly code: 'build_missing' | 'server_failed' | 'request_failed',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
