import { Injectable } from '@nestjs/common';
import type { FeedPosition } from '@partner-ecosystem/mtls-binding';
import type { FeedQuery } from './feed-query.js';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationFeedPolicy } from './revocation-feed-policy.js';
import { SignedStatements, type SignedStatement } from './signed-statements.js';
import { WaitingPolls } from './waiting-polls.js';

/** How often a poll that waits looks whether it is still worth it. */
const LOOK_MS = 200;
/** How long a replica may be behind the one that was asked before: longer than a look at Postgres takes to come. */
const BEHIND_MS = 700;

export interface Follower {
  readonly clientId: string;
  /** False once no answer can or should be waited for. */
  readonly isOpen: () => boolean;
}

/** The use case behind `GET /revocations`: wait for a change, if asked to, then say what is known. */
@Injectable()
export class FollowFeed {
  readonly polls: WaitingPolls;

  constructor(
    policy: RevocationFeedPolicy,
    private readonly feed: RevocationFeed,
    private readonly statements: SignedStatements,
  ) {
    this.polls = new WaitingPolls(policy);
  }

  /** @throws RevocationFeedError, SigningKeysError */
  async next({ position, waitMs }: FeedQuery, { clientId, isOpen }: Follower): Promise<SignedStatement> {
    if (position && waitMs > 0 && !this.hasChanged(position)) {
      await this.polls.hold(clientId, () => this.wait(position, waitMs, isOpen));
    }
    return this.statements.since(position);
  }

  private hasChanged({ epoch, seq }: FeedPosition): boolean {
    const { head } = this.feed;
    return head === undefined || head.epoch !== epoch || head.seq > seq;
  }

  private async wait(position: FeedPosition, waitMs: number, isOpen: () => boolean): Promise<void> {
    const began = performance.now();
    for (let passed = 0; passed < waitMs && isOpen(); passed = performance.now() - began) {
      if (this.hasChanged(position)) return;
      const head = this.feed.head!;
      if (head.seq < position.seq && passed > BEHIND_MS) return;
      await this.feed.nextChange(head, Math.min(waitMs - passed, LOOK_MS));
    }
  }
}
