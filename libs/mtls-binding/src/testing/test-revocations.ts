import type { VerifiedToken } from '../protocol/bound-token.js';
import { RefusedError } from '../protocol/errors.js';
import { RevocationState, type Revocations } from '../revocation/revocation-state.js';
import { TestFeed } from './test-feed.js';
import type { TestRevocation } from './test-issuer.js';

/** Longer than any spec runs, with a clock that it moves too. */
const MAX_AGE_SECONDS = 1e9;

/** Revocations in memory, judged as those of a real feed are. Fresh, unless a spec says otherwise. */
export class TestRevocations implements Revocations {
  /** From when it is set, whoever would pass is answered 503. // R9 */
  areStale = false;
  readonly #feed: TestFeed;
  readonly #state = new RevocationState();

  constructor(issuer: string) {
    this.#feed = new TestFeed(issuer);
    this.#take(undefined);
  }

  get generation(): number {
    return this.#state.generation;
  }

  revoke(revocation: TestRevocation): void {
    const before = this.#state.position;
    this.#feed.revoke(revocation);
    this.#take(before);
  }

  assertNotRevoked(token: VerifiedToken, now: Date): void {
    this.#state.assertNotRevoked(token, now);
  }

  assertFresh(now: Date): void {
    if (this.areStale) throw new RefusedError('unavailable', 'revocations_stale', 'the spec says so');
    this.#state.assertFresh(now);
  }

  #take(after: RevocationState['position']): void {
    this.#state.apply(this.#feed.statement({ epoch: after?.epoch, since: after?.seq ?? 0 }, MAX_AGE_SECONDS));
  }
}
