import { Gauge, type Registry } from 'prom-client';
import type { RenewCertificates } from './renew-certificates.js';

const DAY_MS = 86_400_000;

/** `tls_certificate_days_left{listener}`: until the certificate in use expires; negative when it has. */
export function certificateMetrics(
  registry: Registry,
  listeners: readonly Pick<RenewCertificates, 'name' | 'notAfter'>[],
): void {
  new Gauge({
    name: 'tls_certificate_days_left',
    help: 'Days until the server certificate in use expires',
    labelNames: ['listener'],
    registers: [registry],
    collect() {
      for (const { name, notAfter } of listeners) {
        this.set({ listener: name }, (notAfter.getTime() - Date.now()) / DAY_MS);
      }
    },
  });
}
