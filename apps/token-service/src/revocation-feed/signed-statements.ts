import { Injectable } from '@nestjs/common';
import type { FeedPosition } from '@partner-ecosystem/mtls-binding';
import { signFeed } from '@partner-ecosystem/mtls-binding/protocol';
import { FEED_ALGORITHM } from '../records/signing-algorithm.js';
import { SigningKeys } from '../signing-keys/signing-keys.js';
import type { RevocationReading } from './recorded-revocation.js';
import { RevocationFeed } from './revocation-feed.js';

export interface SignedStatement extends FeedPosition {
  /** Compact JWS. */
  readonly jws: string;
}

/** Signs what the feed says: once per reading of Postgres and per number that is asked from, however many ask. */
@Injectable()
export class SignedStatements {
  #reading: RevocationReading | undefined;
  #signed = new Map<number, Promise<SignedStatement>>();

  constructor(
    private readonly feed: RevocationFeed,
    private readonly keys: SigningKeys,
  ) {}

  /** @throws RevocationFeedError, SigningKeysError */
  async since(position: FeedPosition | undefined): Promise<SignedStatement> {
    const statement = this.feed.statementSince(position);
    const reading = this.feed.signable;
    if (reading !== this.#reading) {
      this.#reading = reading;
      this.#signed = new Map();
    }
    const { epoch, seq, since } = statement;
    const known = this.#signed.get(since);
    if (known) return known;
    const key = this.keys.currentFor(FEED_ALGORITHM, 'revocation_feed'); // A20
    const signing = signFeed(statement, key).then((jws) => ({ jws, epoch, seq }));
    this.#signed.set(since, signing);
    return signing;
  }
}
