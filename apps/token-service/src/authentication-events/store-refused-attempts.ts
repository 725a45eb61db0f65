import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { errorFields, type Logger } from '@partner-ecosystem/platform/logging';
import { answeredWithin } from '../database/answered-within.js';
import { LOGGER } from '../process/logger.js';
import { AuthenticationEventsPolicy } from './authentication-events-policy.js';
import { AuthenticationEventsRepository } from './authentication-events.repository.js';
import { RefusedAttempts } from './refused-attempts.js';

/** Carries the counts of refused strangers to Postgres. Numbers so far, not what was added: to store twice adds nothing. */
@Injectable()
export class StoreRefusedAttempts implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly attempts = new RefusedAttempts();
  /** of this run: readers add up the counts of several */
  readonly #replica = randomBytes(8).toString('hex');
  #timer: NodeJS.Timeout | undefined;
  #storing: Promise<void> | undefined;
  #failing = false;

  constructor(
    private readonly repository: AuthenticationEventsRepository,
    private readonly policy: AuthenticationEventsPolicy,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.store(), this.policy.refusedMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#storing;
    await answeredWithin(this.policy.lastWriteMs, this.store()).catch(() => undefined);
  }

  // One at a time; what comes meanwhile waits for the next.
  private store(): Promise<void> {
    return (this.#storing ??= this.storeChanged().finally(() => (this.#storing = undefined)));
  }

  private async storeChanged(): Promise<void> {
    const rows = this.attempts.takeChanged();
    if (rows.length === 0) return;
    try {
      await this.repository.storeRefused(this.#replica, rows);
      this.#failing = false;
    } catch (error) {
      this.attempts.again(rows);
      if (!this.#failing)
        this.logger.error({ err: errorFields(error, { stack: false }) }, 'refused attempts not stored');
      this.#failing = true;
    }
  }
}
