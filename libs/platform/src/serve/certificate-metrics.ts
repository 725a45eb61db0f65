import { Gauge, type Registry } from 'prom-client';
import type { RenewCredentials } from '../credentials/renew-credentials.js';

const DAY_MS = 86_400_000;

/** `tls_certificate_days_left{listener}`: until the certificate in use expires; negative when it has. */
export function certificateMetrics(
  registry: Registry,
  listeners: readonly { name: string; renewal: Pick<RenewCredentials, 'notAfter'> }[],
): void {
  new Gauge({
    name: 'tls_certificate_days_left',
    help: 'Days until the server certificate in use expires',
    labelNames: ['listener'],
    registers: [registry],
    collect() {
      for (const { name, renewal } of listeners) {
        this.set({ listener: name }, (renewal.notAfter.getTime() - Date.now()) / DAY_MS);
      }
    },
  });
}
