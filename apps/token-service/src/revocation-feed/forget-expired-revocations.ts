import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { errorFields, type Logger } from '@partner-ecosystem/platform/logging';
import { DataSource } from 'typeorm';
import { LOGGER } from '../process/logger.js';
import { RevocationFeedPolicy } from './revocation-feed-policy.js';

/** Deletes the rows that refuse nothing any more. Late or not at all, nothing gets in by it. */
@Injectable()
export class ForgetExpiredRevocations implements OnModuleInit, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly database: DataSource,
    private readonly policy: RevocationFeedPolicy,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.plan();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round; // it needs the database, which is closed next
  }

  private plan(): void {
    if (this.#stopped) return;
    const delay = this.policy.forgetMs * (0.8 + 0.4 * Math.random());
    this.#timer = setTimeout(() => {
      this.#round = this.forget().finally(() => this.plan());
    }, delay).unref();
  }

  private async forget(): Promise<void> {
    try {
      while (!this.#stopped && (await this.forgetSome()) > 0);
    } catch (error) {
      this.logger.warn({ err: errorFields(error, { stack: true }) }, 'expired revocations not forgotten');
    }
  }

  private async forgetSome(): Promise<number> {
    const sql = 'SELECT token.forget_expired_revocations() AS forgotten';
    const [{ forgotten }] = (await this.database.query(sql)) as [{ forgotten: number }];
    return forgotten;
  }
}
