import type { INestApplicationContext } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { showIdentifier } from '../identifiers/identifier.js';
import type { CertificateAuthority } from '../records/certificate-authority.entity.js';
import { PublishedAuthorities } from './publication/published-authorities.js';

const DAY_MS = 86_400_000;
const LABELS = ['certificate_authority', 'environment', 'status'] as const;

type Reading = (authority: CertificateAuthority, now: number) => number | undefined;

/** Age and end of each authority's list, and of the authority itself; negative when it is over. */
export function certificateAuthorityMetrics(registry: Registry, app: INestApplicationContext): void {
  const published = app.get(PublishedAuthorities, { strict: false });
  const add = (name: string, help: string, reading: Reading): void => {
    new Gauge({
      name,
      help,
      labelNames: LABELS,
      registers: [registry],
      async collect() {
        this.reset();
        // a database that is away does not take every other metric away with it
        const authorities = await published.all().catch(() => []);
        for (const authority of authorities) {
          const { environment, status } = authority;
          const value = reading(authority, Date.now());
          const labels = { certificate_authority: showIdentifier('cau', authority.id), environment, status };
          if (value !== undefined) this.set(labels, value);
        }
      },
    });
  };
  add('certificate_authority_list_age_seconds', 'Time since the CRL was signed', (authority, now) =>
    secondsBetween(authority.crl_this_update, now),
  );
  add('certificate_authority_list_seconds_left', 'Time until the CRL ends', (authority, now) =>
    negated(secondsBetween(authority.crl_next_update, now)),
  );
  add(
    'certificate_authority_days_left',
    'Days until the certificate of the authority expires',
    (authority, now) => (authority.not_after.getTime() - now) / DAY_MS,
  );
}

function secondsBetween(then: Date | null, now: number): number | undefined {
  return then === null ? undefined : (now - then.getTime()) / 1_000;
}

function negated(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value;
}
