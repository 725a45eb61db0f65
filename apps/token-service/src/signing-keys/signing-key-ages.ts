import { Gauge, type Registry } from 'prom-client';
import type { SigningKeys } from './signing-keys.js';

/**
 * `signing_key_age_seconds{purpose,alg,status}`: of the current and the next key since they became that, of retired ones since
 * the oldest retired. A current key far older than the rotation, or no `next`, is a reason to wake somebody.
 */
export function registerSigningKeyAges(registry: Registry, keys: Pick<SigningKeys, 'lastRead'>): void {
  const gauge = new Gauge({
    name: 'signing_key_age_seconds',
    help: 'Time since a signing key came into its status; the oldest per purpose, algorithm and status',
    labelNames: ['purpose', 'alg', 'status'],
    registers: [registry],
    collect() {
      gauge.reset();
      const oldest = new Map<string, { labels: Record<string, string>; seconds: number }>();
      for (const { purpose, alg, status, createdAt, activatedAt, retiredAt } of keys.lastRead) {
        const since = { current: activatedAt, retired: retiredAt }[status as string] ?? createdAt;
        const seconds = (Date.now() - since.getTime()) / 1_000;
        const name = `${purpose} ${alg} ${status}`;
        if (seconds >= (oldest.get(name)?.seconds ?? seconds))
          oldest.set(name, { labels: { purpose, alg, status }, seconds });
      }
      for (const { labels, seconds } of oldest.values()) gauge.set(labels, seconds);
    },
  });
}
