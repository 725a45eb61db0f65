import type { LimitedCaller } from '@partner-ecosystem/platform/limits';
import type { RegisteredClient } from '../records/registered-client.entity.js';
import type { OAuthEndpointName } from '../oauth-error/oauth-endpoint.decorator.js';
import { temporarilyUnavailable } from '../oauth-error/oauth-error.js';
import type { AuthenticationEvent } from './authentication-event.js';
import type { EventQueue } from './event-queue.js';
import type { RefusedAttempt } from './refused-attempts.js';

export interface AttemptOrigin {
  readonly requestId: string;
  readonly endpoint: OAuthEndpointName;
  readonly at: Date;
  /** Of the caller; undefined when it is gone. */
  readonly address: string | undefined;
}

/** Where attempts are written down and counted. */
export interface AttemptBook extends Pick<EventQueue, 'reserve' | 'release'> {
  record(event: AuthenticationEvent): void;
  count(answer: { error: string; check: string } | 'granted', endpoint: OAuthEndpointName): void;
  countRefused(attempt: RefusedAttempt): void;
}

export interface GrantedToken {
  readonly thumbprint: string;
  readonly audience: string;
  readonly scope: string;
  readonly jti: string;
  readonly expiresAt: Date;
}

export interface Refusal {
  readonly error: string;
  readonly check: string;
  readonly thumbprint: string | undefined;
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

const NOBODY = { clientId: null, partnerId: null, method: null } as const;

/**
 * One request to an endpoint at which clients authenticate, from its beginning to how it ended. A token that was given, and
 * a refusal of a client that proved who it is, is recorded once. A refused stranger is only counted, and so is that nothing
 * could be decided (503, 429). // A34
 */
export class AuthenticationAttempt {
  #placed = false;
  #over = false;
  #caller: LimitedCaller | undefined;
  #client: Pick<RegisteredClient, 'clientId' | 'partnerId'> | undefined;
  #method: string | null = null;
  #authenticated = false;

  constructor(
    private readonly origin: AttemptOrigin,
    private readonly book: AttemptBook,
  ) {}

  get requestId(): string {
    return this.origin.requestId;
  }

  /** The limits let it in. */
  admitted(caller: LimitedCaller): void {
    this.#caller = caller;
  }

  /** @throws TypeError for a request that passed no limits: nothing may be decided about it */
  get caller(): LimitedCaller {
    if (!this.#caller) throw new TypeError('this attempt was never let in');
    return this.#caller;
  }

  /** The registered client that the caller claims to be. */
  claims(client: Pick<RegisteredClient, 'clientId' | 'partnerId' | 'authenticationMethod'>): void {
    this.#client = client;
    // The method comes from the registration. // A15
    this.#method = client.authenticationMethod;
  }

  /**
   * The caller is that client. From now on there is a place for how this will end; nothing may be granted without it, and
   * no stranger can take it. // A34
   * @throws OAuthError `temporarily_unavailable` when too many events wait to be stored, or nobody waits for the answer
   */
  proven(): void {
    if (this.#over) throw callerGone();
    this.#placed = this.book.reserve();
    if (!this.#placed) throw temporarilyUnavailable('events_queue_full', 'too many authentication events wait');
    this.#authenticated = true;
  }

  /**
   * @throws TypeError without a place: a token that is not recorded must not be given; OAuthError
   * `temporarily_unavailable` when nobody waits for it
   */
  granted({ thumbprint, audience, scope, jti, expiresAt }: GrantedToken): void {
    if (this.#over) throw callerGone();
    if (!this.#placed) throw new TypeError('this attempt has ended or was never let in');
    this.book.count('granted', this.origin.endpoint);
    const event = this.event('granted');
    event.thumbprint = thumbprint;
    event.audience = audience;
    event.scope = scope;
    event.jti = jti;
    event.expires_at = expiresAt.toISOString();
    this.end(event);
  }

  refused({ error, check, thumbprint }: Refusal): void {
    this.book.count({ error, check }, this.origin.endpoint);
    if (!this.#authenticated) {
      const clientId = this.#client?.clientId;
      return this.book.countRefused({ ...this.origin, error, check, clientId });
    }
    const event = this.event('refused');
    event.error = error;
    event.failed_check = check;
    event.thumbprint = thumbprint ?? null;
    this.end(event);
  }

  /** Answered without a decision about the caller. */
  undecided(answer: { error: string; check: string }): void {
    this.book.count(answer, this.origin.endpoint);
    this.abandon();
  }

  /** The request is over: answered, or its caller is gone. Gives the place back where nothing was recorded. */
  abandon(): void {
    this.#over = true;
    if (!this.#placed) return;
    this.#placed = false;
    this.book.release();
  }

  // Every member written out: V8 makes a dictionary of an object that is put together of others.
  private event(outcome: AuthenticationEvent['outcome']): Writable<AuthenticationEvent> {
    const { clientId, partnerId } = this.#client ?? NOBODY;
    const { at, requestId, address = null } = this.origin;
    return {
      occurred_at: at.toISOString(),
      request_id: requestId,
      outcome,
      error: null,
      failed_check: null,
      client_id: clientId,
      partner_id: partnerId,
      method: this.#method,
      authenticated: this.#authenticated,
      thumbprint: null,
      address,
      audience: null,
      scope: null,
      jti: null,
      expires_at: null,
    };
  }

  private end(event: AuthenticationEvent): void {
    if (!this.#placed) return;
    this.#placed = false;
    this.book.record(event);
  }
}

function callerGone(): Error {
  return temporarilyUnavailable('caller_gone', 'nobody waits for the answer any more');
}
