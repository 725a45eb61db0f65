import { Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { OAuthEndpointName } from '../oauth-error/oauth-endpoint.decorator.js';

/** Metrics of one service, in no registry until one is given: two services may run in one process. */
@Injectable()
export class AuthenticationMetrics {
  readonly #issued = new Counter({ name: 'tokens_issued_total', help: 'Access tokens issued', registers: [] });
  readonly #refused = new Counter({
    name: 'token_requests_refused_total',
    help: 'Requests refused where clients authenticate: the error the caller saw, the check that refused, the endpoint',
    labelNames: ['error', 'check', 'endpoint'],
    registers: [],
  });
  readonly #stored = new Counter({
    name: 'authentication_events_stored_total',
    help: 'Authentication events written to Postgres',
    registers: [],
  });
  readonly #queued: Gauge;
  #queueLength = () => 0;

  constructor() {
    const lengthNow = () => this.#queueLength();
    this.#queued = new Gauge({
      name: 'authentication_events_queued',
      help: 'Authentication events not yet known to be stored; what a crash would lose',
      registers: [],
      collect() {
        this.set(lengthNow());
      },
    });
  }

  count(answer: { error: string; check: string } | 'granted', endpoint: OAuthEndpointName): void {
    if (answer === 'granted') this.#issued.inc();
    else this.#refused.inc({ error: answer.error, check: answer.check, endpoint });
  }

  stored(events: number): void {
    this.#stored.inc(events);
  }

  watchQueue(length: () => number): void {
    this.#queueLength = length;
  }

  registerIn(registry: Registry): void {
    for (const metric of [this.#issued, this.#refused, this.#stored, this.#queued]) registry.registerMetric(metric);
  }
}
