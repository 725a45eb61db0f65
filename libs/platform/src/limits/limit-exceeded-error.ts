/** Which limit: the name in logs and metrics. */
export type LimitName = 'client_rate' | 'address_rate' | 'too_busy';

/** A caller asks for more than its share. Nothing was done for it. */
export class LimitExceededError extends Error {
  override readonly name = 'LimitExceededError';

  /** @param retryAfterSeconds undefined when it is not the caller's rate: this replica is busy */
  constructor(
    readonly code: LimitName,
    message: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}
