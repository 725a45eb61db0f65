import { Gauge, type Registry } from 'prom-client';
import type { ClientCache } from './client-cache.js';

/**
 * `registered_clients_age_seconds`: since changes were last looked at; above the bound nothing is served from memory.
 * `registered_clients_kept{kind}`: clients in memory, and ids known to be nobody's.
 */
export function registerClientMetrics(registry: Registry, cache: Pick<ClientCache, 'ageMs' | 'size'>): void {
  new Gauge({
    name: 'registered_clients_age_seconds',
    help: 'Time since the changes of registered clients were last looked at',
    registers: [registry],
    collect() {
      this.set(cache.ageMs / 1_000);
    },
  });
  new Gauge({
    name: 'registered_clients_kept',
    help: 'Registered clients, and ids known to be unknown, in memory',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      this.set({ kind: 'known' }, cache.size.known);
      this.set({ kind: 'unknown' }, cache.size.unknown);
    },
  });
}
