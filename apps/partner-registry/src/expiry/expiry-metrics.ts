import type { INestApplicationContext } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { CertificatesByDaysLeft } from './certificates-by-days-left.js';

/** `certificates_expiring{environment,within_days}`; nothing while the database does not answer. */
export function expiryMetrics(registry: Registry, app: INestApplicationContext): void {
  const certificates = app.get(CertificatesByDaysLeft, { strict: false });
  new Gauge({
    name: 'certificates_expiring',
    help: 'Active certificates that run out within so many days',
    labelNames: ['environment', 'within_days'],
    registers: [registry],
    async collect() {
      this.reset();
      const counts = await certificates.counts().catch(() => []);
      for (const { environment, withinDays, certificates: count } of counts) {
        this.set({ environment, within_days: withinDays }, count);
      }
    },
  });
}
