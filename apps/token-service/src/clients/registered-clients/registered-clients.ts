import { Injectable } from '@nestjs/common';
import { answeredWithin } from '../../database/answered-within.js';
import { Outage } from '../../database/outage.js';
import type { RegisteredClient } from '../registered-client.entity.js';
import { ClientCache } from './client-cache.js';
import { systemClock } from './clock.js';
import { RegisteredClientsPolicy } from './registered-clients-policy.js';
import { RegisteredClientsRepository } from './registered-clients.repository.js';

/** Ids are ours (A9); anything else is unknown without asking anybody. */
const CLIENT_ID = /^cli_[0-9a-f]{32}$/;
const UNKNOWN = Promise.resolve(undefined);

/**
 * The registered clients as this replica may believe them to be: from memory while the registry's changes are followed,
 * else from Postgres, else not at all.
 */
@Injectable()
export class RegisteredClients {
  /** For whoever follows the registry's changes. */
  readonly cache: ClientCache;

  constructor(
    private readonly repository: RegisteredClientsRepository,
    policy: RegisteredClientsPolicy,
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
   * @throws DatabaseLateError, or what the database says, when it cannot be known
   */
  findByClientId(clientId: string): Promise<RegisteredClient | undefined> {
    return CLIENT_ID.test(clientId) ? this.cache.find(clientId) : UNKNOWN;
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
