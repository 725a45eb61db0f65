import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { errorFields, type Logger } from '@partner-ecosystem/platform/logging';
import { LOGGER } from '../process/logger.js';
import { dueRotation, type DueRotation } from './due-rotation.js';
import { RotateWhenDue } from './rotate-when-due.js';
import { SigningKeyPolicy } from './signing-key-policy.js';
import { SigningKeys } from './signing-keys.js';

/** Loads the keys before the first request is accepted, then follows what other replicas and commands do to them. */
@Injectable()
export class FollowSigningKeys implements OnModuleInit, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;
  #failing = false;

  constructor(
    private readonly keys: SigningKeys,
    private readonly schedule: RotateWhenDue,
    private readonly policy: SigningKeyPolicy,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  // Every stored key must open: a wrong key-encryption key stops the boot here, and nothing new was made. // A28
  async onModuleInit(): Promise<void> {
    this.log(await this.schedule.rotateOrWait());
    await this.keys.reload();
    this.plan();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round; // it needs the database, which is closed next
  }

  private plan(): void {
    if (this.#stopped) return;
    // Jittered: replicas that start together do not ask together for ever.
    const delay = this.policy.pollMs * (0.8 + 0.4 * Math.random());
    this.#timer = setTimeout(() => {
      this.#round = this.follow().finally(() => this.plan());
    }, delay);
  }

  private async follow(): Promise<void> {
    try {
      await this.reloadAndRotate();
      if (this.#failing) this.logger.info('signing keys can be read again');
      this.#failing = false;
    } catch (error) {
      // once per outage; readiness and every refused request say that it lasts
      if (!this.#failing) this.logger.error({ err: errorFields(error, { stack: true }) }, 'signing keys not followed');
      this.#failing = true;
    }
  }

  private async reloadAndRotate(): Promise<void> {
    const { keys, now } = await this.keys.reload();
    if (!dueRotation(keys, now, this.policy)) return;
    const taken = await this.schedule.rotate();
    if (taken === undefined) return; // another replica is at it; the next round sees what it did
    this.log(taken);
    await this.keys.reload();
  }

  private log(steps: readonly DueRotation[]): void {
    for (const { purpose, step } of steps) this.logger.info({ purpose, step }, 'signing keys rotated');
  }
}
