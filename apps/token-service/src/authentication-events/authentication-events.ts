import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { errorFields, type Logger } from '@partner-ecosystem/platform/logging';
import { LOGGER } from '../process/logger.js';
import { AuthenticationAttempt, type AttemptOrigin, type AttemptBook } from './authentication-attempt.js';
import type { AuthenticationEvent } from './authentication-event.js';
import { AuthenticationEventsPolicy } from './authentication-events-policy.js';
import { AuthenticationEventsRepository } from './authentication-events.repository.js';
import { AuthenticationMetrics } from './authentication-metrics.js';
import { EventQueue } from './event-queue.js';
import { EventWriter } from './event-writer.js';
import { StoreRefusedAttempts } from './store-refused-attempts.js';

/**
 * Records, once and without making its caller wait for Postgres, every token that was given and every refusal of a client
 * that proved who it is; refusals of strangers are counted. That a token was introspected or revoked is no event of this
 * record.
 */
@Injectable()
export class AuthenticationEvents implements OnModuleInit, OnModuleDestroy, BeforeApplicationShutdown {
  readonly #queue: EventQueue;
  readonly #writer: EventWriter;
  readonly #book: AttemptBook;
  #failing = false;
  #retention: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: AuthenticationEventsRepository,
    private readonly policy: AuthenticationEventsPolicy,
    private readonly metrics: AuthenticationMetrics,
    refused: StoreRefusedAttempts,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const queue = new EventQueue(policy.queueBound);
    const writer = new EventWriter({
      ...policy,
      queue,
      store: (events) => repository.store(events),
      onStored: (count) => this.stored(count),
      onFailure: (error) => this.failed(error),
    });
    this.#queue = queue;
    this.#writer = writer;
    this.#book = {
      reserve: () => queue.reserve(),
      release: () => queue.release(),
      count: (answer, endpoint) => metrics.count(answer, endpoint),
      countRefused: (attempt) => refused.attempts.note(attempt),
      record: (event) => {
        queue.push(event);
        writer.notice();
        if (event.outcome === 'granted') this.logGranted(event);
      },
    };
    metrics.watchQueue(() => queue.length);
  }

  begin(origin: AttemptOrigin): AuthenticationAttempt {
    return new AuthenticationAttempt(origin, this.#book);
  }

  // Without a partition for today nothing could be recorded, so nothing may be issued: the boot fails.
  async onModuleInit(): Promise<void> {
    await this.keepPartitions();
    this.#retention = setInterval(() => {
      this.keepPartitions().catch((error: unknown) => {
        this.logger.error(
          { err: errorFields(error, { stack: false }) },
          'partitions of authentication events not kept',
        );
      });
    }, this.policy.retentionMs);
  }

  onModuleDestroy(): void {
    clearInterval(this.#retention);
  }

  // The last answer was given; the pool is still open.
  async beforeApplicationShutdown(): Promise<void> {
    const lost = await this.#writer.finish(this.policy.lastWriteMs);
    if (lost > 0)
      this.logger.error({ events: lost }, 'authentication events lost: they could not be stored before the end');
  }

  // What was refused is logged where it is answered, with more than an event holds.
  private logGranted({
    request_id,
    client_id,
    partner_id,
    audience,
    scope,
    jti,
    expires_at,
    thumbprint,
  }: AuthenticationEvent): void {
    this.logger.info(
      { request_id, client_id, partner_id, aud: audience, scope, jti, expires_at, certificate: thumbprint },
      'token issued',
    );
  }

  private async keepPartitions(): Promise<void> {
    const dropped = await this.repository.keepPartitions(this.policy.keptDays);
    await this.repository.forgetRefused(this.policy.keptDays);
    if (dropped.length > 0) this.logger.info({ dropped }, 'old authentication events dropped');
  }

  private stored(count: number): void {
    this.metrics.stored(count);
    if (!this.#failing) return;
    this.#failing = false;
    this.logger.info({ queued: this.#queue.length }, 'authentication events are stored again');
  }

  // Once per outage: they wait, and the length of the queue says that it lasts.
  private failed(error: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    const queued = this.#queue.length;
    this.logger.error({ queued, err: errorFields(error, { stack: false }) }, 'authentication events not stored');
  }
}
