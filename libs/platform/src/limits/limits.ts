import { Counter, Gauge, type Registry } from 'prom-client';
import { callerAddress } from './caller-address.js';
import { LimitExceededError, type LimitName } from './limit-exceeded-error.js';
import { LimitsPolicy } from './limits-policy.js';
import { ProvenCertificates } from './proven-certificates.js';
import { RateLimiter } from './rate-limiter.js';

/** A request as the limits see it: made when it arrives, told what becomes of it. */
export interface LimitedCaller {
  /** SHA-256 of the certificate that its connection proved, in whatever form the app has it */
  readonly certificate: string | undefined;
  /** the client whose rate it was counted against */
  chargedTo: string | undefined;
  /** false until somebody proved a registered client by this certificate on this replica */
  proven: boolean;
  inProgress: boolean;
}

/**
 * Bounds what callers take of this replica, and refuses before any work is done for what is too much. A caller is known
 * by a certificate that proved a client here before: until then it shares with all strangers. // A34
 * In the memory of one replica: several allow several times as much.
 */
export class Limits {
  readonly #perClient: RateLimiter;
  readonly #perAddress: RateLimiter;
  readonly #proven = new ProvenCertificates();
  readonly #refused = new Counter({
    name: 'requests_over_limit_total',
    help: 'Requests refused because a caller, or all together, asked for too much',
    labelNames: ['limit'],
    registers: [],
  });
  readonly #gauge: Gauge;
  #inProgress = 0;
  #unproven = 0;

  constructor(private readonly policy: LimitsPolicy = new LimitsPolicy()) {
    this.#perClient = new RateLimiter(policy.perClient);
    this.#perAddress = new RateLimiter(policy.perAddress);
    const numbers = () => [this.#unproven, this.#inProgress - this.#unproven];
    this.#gauge = new Gauge({
      name: 'requests_in_progress',
      help: 'Requests being answered, by whether the caller has proved who it is',
      labelNames: ['proven'],
      registers: [],
      collect() {
        const [unproven, proven] = numbers();
        this.set({ proven: 'false' }, unproven!);
        this.set({ proven: 'true' }, proven!);
      },
    });
  }

  registerIn(registry: Registry): void {
    for (const metric of [this.#refused, this.#gauge]) registry.registerMetric(metric);
  }

  /**
   * Before anything is read. Who is known is counted against its client, everybody else against its address.
   * @throws LimitExceededError `client_rate`, `address_rate`
   */
  arrive(address: string | undefined, certificate: string | undefined): LimitedCaller {
    const clientId = certificate === undefined ? undefined : this.#proven.clientOf(certificate);
    if (clientId === undefined) this.take(this.#perAddress, callerAddress(address), 'address_rate');
    else this.take(this.#perClient, clientId, 'client_rate');
    return { certificate, chargedTo: clientId, proven: clientId !== undefined, inProgress: false };
  }

  /**
   * When the request has arrived.
   * @returns what to call once when it has ended
   * @throws LimitExceededError `too_busy`
   */
  enter(caller: LimitedCaller): () => void {
    const { concurrent, concurrentUnproven } = this.policy;
    if (this.#inProgress >= concurrent) throw this.exceeded('too_busy', `${concurrent} requests are in progress`);
    if (!caller.proven && this.#unproven >= concurrentUnproven) {
      throw this.exceeded('too_busy', `${concurrentUnproven} requests of unproven callers are in progress`);
    }
    this.#inProgress += 1;
    if (!caller.proven) this.#unproven += 1;
    caller.inProgress = true;
    return () => this.leave(caller);
  }

  /**
   * The caller is this client: a limit on claims would let anybody shut anybody else out.
   * @throws LimitExceededError `client_rate`
   */
  proved(caller: LimitedCaller, clientId: string): void {
    if (caller.inProgress && !caller.proven) this.#unproven -= 1;
    caller.proven = true;
    if (caller.certificate !== undefined) this.#proven.remember(caller.certificate, clientId);
    if (caller.chargedTo !== clientId) this.take(this.#perClient, clientId, 'client_rate');
    caller.chargedTo = clientId;
  }

  /** It proved nothing, whatever was known of its certificate: it may have been revoked. */
  refused({ certificate }: LimitedCaller): void {
    if (certificate !== undefined) this.#proven.forget(certificate);
  }

  private leave(caller: LimitedCaller): void {
    if (!caller.inProgress) return;
    caller.inProgress = false;
    this.#inProgress -= 1;
    if (!caller.proven) this.#unproven -= 1;
  }

  private take(limiter: RateLimiter, key: string, limit: LimitName): void {
    const seconds = limiter.take(key, performance.now());
    if (seconds > 0) throw this.exceeded(limit, `too many requests of ${key}`, seconds);
  }

  private exceeded(limit: LimitName, message: string, seconds?: number): LimitExceededError {
    this.#refused.inc({ limit });
    return new LimitExceededError(limit, message, seconds);
  }
}
