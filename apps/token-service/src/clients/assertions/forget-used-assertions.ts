import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { errorFields, type Logger } from '@partner-ecosystem/platform/logging';
import { LOGGER } from '../../process/logger.js';
import { UsedAssertions } from './used-assertions.repository.js';

const INTERVAL_MS = 60_000;

/** Keeps the memory of used assertions as small as it may be. Late or not at all, nothing gets in by it. */
@Injectable()
export class ForgetUsedAssertions implements OnModuleInit, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly used: UsedAssertions,
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
    const delay = INTERVAL_MS * (0.8 + 0.4 * Math.random());
    this.#timer = setTimeout(() => {
      this.#round = this.forget().finally(() => this.plan());
    }, delay).unref();
  }

  private async forget(): Promise<void> {
    try {
      while (!this.#stopped && (await this.used.forgetExpired()) > 0);
    } catch (error) {
      this.logger.warn({ err: errorFields(error, { stack: true }) }, 'used assertions not forgotten');
    }
  }
}
