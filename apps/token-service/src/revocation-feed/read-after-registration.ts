import { Injectable } from '@nestjs/common';
import type { RegisteredClient } from '../records/registered-client.entity.js';
import { RevocationFeed } from './revocation-feed.js';

/**
 * Sees to it that the revocations were read after the registration that a token is issued by. What gives a client its
 * access back also records a cutoff, in one transaction: a replica that knew of the one and not of the other would date
 * the token where the cutoff reaches it, and every API would refuse it for life.
 */
@Injectable()
export class ReadAfterRegistration {
  readonly #followed = new WeakSet<object>();

  constructor(private readonly feed: RevocationFeed) {}

  /**
   * Waits for a reading only where the registration knows of a later revocation than the last reading does, or of
   * another epoch, and once for each: it is another object whenever it changed.
   * @throws RevocationFeedError when there is none within a second
   */
  async of(registration: Pick<RegisteredClient, 'revocations'>): Promise<void> {
    if (this.feed.includes(registration.revocations) || this.#followed.has(registration)) return;
    await this.feed.readAnew();
    this.#followed.add(registration);
  }
}
