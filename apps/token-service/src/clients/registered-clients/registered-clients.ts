import { Injectable } from '@nestjs/common';
import { Turns } from '@partner-ecosystem/platform/limits';
import { answeredWithin } from '../../database/answered-within.js';
import { Outage } from '../../database/outage.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';
import { ClientCache } from './client-cache.js';
import { systemClock } from '../../database/clock.js';
import { RegisteredClientsPolicy } from './registered-clients-policy.js';
import { RegisteredClientsRepository } from './registered-clients.repository.js';

/** Ids are ours (A9); anything else is unknown without asking anybody. */
const CLIENT_ID = /^cli_[0-9a-f]{32}$/;
const UNKNOWN = Promise.resolve(undefined);
/** Connections that callers take who proved nothing yet: the rest of the pool is for those who did. // A34 */
const UNPROVEN_AT_ONCE = 3;

/**
 * The registered clients as this replica may believe them to be: from memory while the registry's changes are followed,
 * else from Postgres, else not at all.
 */
@Injectable()
export class RegisteredClients {
  /** For whoever follows the registry's changes. */
  readonly cache: ClientCache;
  readonly #unproven = new Turns(UNPROVEN_AT_ONCE);

  constructor(
    private readonly repository: RegisteredClientsRepository,
    private readonly policy: RegisteredClientsPolicy,
  ) {
    const outage = new Outage();
    this.cache = new ClientCache({
      bound: policy.bound,
      maxAgeMs: policy.maxAgeMs,
      clock: systemClock,
      load: (clientId) => outage.attempt(() => answeredWithin(policy.loadMs, repository.findByClientId(clientId))),
    });
  }

  /**
   * The same object until the client changes, so that what was derived from it may be kept beside it in a WeakMap.
   * @param caller who made us ask
   * @throws DatabaseLateError, TurnTimeoutError, or what the database says, when it cannot be known
   */
  findByClientId(clientId: string, caller = { proven: true }): Promise<RegisteredClient | undefined> {
    if (!CLIENT_ID.test(clientId)) return UNKNOWN;
    if (caller.proven || this.cache.holds(clientId)) return this.cache.find(clientId);
    const { loadMs } = this.policy;
    return answeredWithin(
      loadMs,
      this.#unproven.run('', loadMs, () => this.cache.find(clientId)),
    );
  }

  /**
   * For readiness: known clients are served through an outage of Postgres, up to the bound, so the balancer must not
   * take every replica away before.
   * @throws when neither memory nor Postgres could answer
   */
  async assertReadable(): Promise<void> {
    if (!this.cache.isBelieved) await this.repository.assertReadable();
  }
}
