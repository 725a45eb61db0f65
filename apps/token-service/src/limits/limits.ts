import { Injectable } from '@nestjs/common';
import { temporarilyUnavailable, tooManyRequests } from '../oauth-error/oauth-error.js';
import { callerAddress } from './caller-address.js';
import { LimitsPolicy } from './limits-policy.js';
import { RateLimiter } from './rate-limiter.js';

/** Bounds what callers take of this replica. Refuses before any work is done for what is too much. */
@Injectable()
export class Limits {
  readonly #perClient: RateLimiter;
  readonly #perAddress: RateLimiter;
  #inProgress = 0;

  constructor(private readonly policy: LimitsPolicy) {
    this.#perClient = new RateLimiter(policy.perClient);
    this.#perAddress = new RateLimiter(policy.perAddress);
  }

  get inProgress(): number {
    return this.#inProgress;
  }

  /** @throws OAuthError 429 */
  admitAddress(address: string | undefined): void {
    const seconds = this.#perAddress.take(callerAddress(address), performance.now());
    if (seconds > 0) throw tooManyRequests('address_rate', 'too many requests from this address', seconds);
  }

  /**
   * @param clientId of a client that proved to be it: a limit on claims would let anybody shut anybody else out
   * @throws OAuthError 429
   */
  admitClient(clientId: string): void {
    const seconds = this.#perClient.take(clientId, performance.now());
    if (seconds > 0) throw tooManyRequests('client_rate', 'too many requests of this client', seconds);
  }

  /**
   * @returns what to call once when the request has ended
   * @throws OAuthError `temporarily_unavailable`
   */
  enter(): () => void {
    if (this.#inProgress >= this.policy.concurrent) {
      throw temporarilyUnavailable('too_busy', `${this.#inProgress} requests are in progress`);
    }
    this.#inProgress += 1;
    return () => void (this.#inProgress -= 1);
  }
}
