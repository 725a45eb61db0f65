/** How authentication events are kept on their way to Postgres, and there. Durations in milliseconds. */
export class AuthenticationEventsPolicy {
  /** Events in memory, those of requests in progress included. A full queue refuses to issue: none is ever dropped. */
  readonly queueBound: number = 100_000;
  /** The longest an event waits for others before they are written together. */
  readonly batchMs: number = 250;
  /** The most events of one batch. */
  readonly batchBound: number = 2_000;
  /** Before a batch that could not be written is tried again. */
  readonly retryMs: number = 250;
  /** How often the counts of refused strangers are written. */
  readonly refusedMs: number = 1_000;
  /** How long a graceful stop may try to write the rest. */
  readonly lastWriteMs: number = 3_000;
  /** Events older than this are dropped, whole days at a time. The database refuses less than a week. */
  readonly keptDays: number = 90;
  /** How often partitions are made and dropped. */
  readonly retentionMs: number = 3_600_000;

  constructor(given: Partial<AuthenticationEventsPolicy> = {}) {
    Object.assign(this, given);
  }
}
