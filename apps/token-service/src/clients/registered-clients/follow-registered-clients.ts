import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { errorFields, type Logger } from '@partner-ecosystem/platform/logging';
import { DATABASE_URL } from '../../database/database-url.js';
import { StandingConnection } from '../../database/standing-connection.js';
import { LOGGER } from '../../process/logger.js';
import { hearHints } from '../../database/hear-hints.js';
import { pollChanges } from './poll-changes.js';
import { RegisteredClientsPolicy } from './registered-clients-policy.js';
import { RegisteredClients } from './registered-clients.js';
import { InterruptibleWait } from '../../database/interruptible-wait.js';

/**
 * Follows what the registry changes: a poll that guarantees, and on another connection a hint that hurries. Neither is
 * needed to start: without them every client is read from Postgres.
 */
@Injectable()
export class FollowRegisteredClients implements OnModuleInit, OnModuleDestroy {
  readonly #wait = new InterruptibleWait();
  readonly #connections: readonly StandingConnection[];
  readonly #failing = new Set<string>();

  constructor(
    clients: RegisteredClients,
    { pollMs, heartbeatMs, patienceMs }: RegisteredClientsPolicy,
    @Inject(DATABASE_URL) url: string,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const poll = pollChanges({ cache: clients.cache, wait: this.#wait, pollMs, onRound: () => this.mended('poll') });
    const hints = hearHints({
      channel: 'registry_changes',
      wait: this.#wait,
      heartbeatMs,
      onHeard: () => this.mended('hints'),
    });
    this.#connections = [
      new StandingConnection({
        url,
        patienceMs,
        applicationName: 'token-service changes',
        session: poll,
        onFailure: (error) => this.failed('poll', error),
      }),
      new StandingConnection({
        url,
        patienceMs,
        applicationName: 'token-service hints',
        session: hints,
        onFailure: (error) => this.failed('hints', error),
      }),
    ];
  }

  onModuleInit(): void {
    for (const connection of this.#connections) connection.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.stop()));
  }

  // Once per outage; readiness and the cache's age say that it lasts.
  private failed(what: 'poll' | 'hints', error: unknown): void {
    if (this.#failing.has(what)) return;
    this.#failing.add(what);
    this.logger[what === 'poll' ? 'error' : 'warn'](
      { what, err: errorFields(error, { stack: false }) },
      'changes of registered clients are not followed',
    );
  }

  private mended(what: 'poll' | 'hints'): void {
    if (this.#failing.delete(what)) this.logger.info({ what }, 'changes of registered clients are followed again');
  }
}
