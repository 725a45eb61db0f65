import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { errorFields, type Logger } from '@partner-ecosystem/platform/logging';
import { hearHints } from '../database/hear-hints.js';
import { DATABASE_URL } from '../database/database-url.js';
import { StandingConnection } from '../database/standing-connection.js';
import { LOGGER } from '../process/logger.js';
import { followHead } from './follow-head.js';
import { ChangeSignal } from './change-signal.js';
import { RevocationFeedPolicy } from './revocation-feed-policy.js';
import { RevocationFeed } from './revocation-feed.js';

/** Keeps the feed as Postgres has it: a poll that guarantees, and on another connection a hint that hurries. */
@Injectable()
export class FollowRevocations implements OnModuleInit, OnModuleDestroy {
  readonly #read = new ChangeSignal();
  readonly #connections: readonly StandingConnection[];
  readonly #failing = new Set<string>();

  constructor(
    feed: RevocationFeed,
    private readonly policy: RevocationFeedPolicy,
    @Inject(DATABASE_URL) url: string,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const { pollMs, heartbeatMs, patienceMs } = policy;
    const [wait, channel] = [feed.wanted, 'revocations'];
    const onEpoch = (epoch: string) =>
      logger.warn({ epoch }, 'a new epoch of revocations began: older tokens are refused');
    const poll = followHead({ feed, wait, pollMs, onEpoch, onRound: () => this.mended('poll') });
    const hints = hearHints({ channel, wait, heartbeatMs, onHeard: () => this.mended('hints') });
    const connection = (what: 'poll' | 'hints', session: typeof poll) =>
      new StandingConnection({
        url,
        patienceMs,
        session,
        applicationName: `token-service revocation ${what}`,
        onFailure: (error) => this.failed(what, error),
      });
    this.#connections = [connection('poll', poll), connection('hints', hints)];
  }

  // What is revoked is known before the first request is accepted, if Postgres answers at all.
  async onModuleInit(): Promise<void> {
    for (const connection of this.#connections) connection.start();
    await this.#read.wait(this.policy.patienceMs);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.stop()));
  }

  // Once per outage; readiness and the age of the feed say that it lasts.
  private failed(what: 'poll' | 'hints', error: unknown): void {
    if (this.#failing.has(what)) return;
    this.#failing.add(what);
    this.logger[what === 'poll' ? 'error' : 'warn'](
      { what, err: errorFields(error, { stack: false }) },
      'revocations are not followed',
    );
  }

  private mended(what: 'poll' | 'hints'): void {
    if (what === 'poll') this.#read.raise();
    if (this.#failing.delete(what)) this.logger.info({ what }, 'revocations are followed again');
  }
}
