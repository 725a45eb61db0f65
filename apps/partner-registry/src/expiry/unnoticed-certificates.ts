import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CertificateRepository } from '../records/certificate.repository.js';
import { showCertificates } from '../certificates/show-certificates.js';
import { successorsOf } from '../certificates/successors.js';
import { noticeDue, LONGEST_NOTICE_MS } from './notice-thresholds.js';

/** An active certificate that ends soon; uuids. */
export interface ExpiringCertificate {
  readonly id: string;
  readonly client_id: string;
  readonly not_after: Date;
}

const PAGE = 200;
const FIRST = { not_after: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

// In the order of the index of what is to expire.
const EXPIRING = `
SELECT t.id, t.client_id, t.not_after FROM registry.certificates t
 WHERE t.status = 'active' AND t.not_after > $1 AND t.not_after <= $2 AND (t.not_after, t.id) > ($3, $4)
 ORDER BY t.not_after, t.id LIMIT ${PAGE}`;

// A nearer notice says all that a farther one would.
const GIVEN = `
SELECT d.id FROM jsonb_to_recordset($1) AS d(id uuid, days integer)
 WHERE EXISTS (SELECT 1 FROM registry.certificate_notices n WHERE n.certificate_id = d.id AND n.days_left <= d.days)`;

/** Which active certificates a notice is due for; as far as one can see without a lock. */
@Injectable()
export class UnnoticedCertificates {
  constructor(
    private readonly database: DataSource,
    private readonly certificates: CertificateRepository,
  ) {}

  /** Whatever ends soon, a page at a time, in the order of the ends. */
  page(now: Date, after?: ExpiringCertificate): Promise<ExpiringCertificate[]> {
    const { not_after, id } = after ?? FIRST;
    return this.database.query(EXPIRING, [now, new Date(now.getTime() + LONGEST_NOTICE_MS), not_after, id]);
  }

  /** Those of a page whose present notice was not given, and whose successor was not seen. */
  async of(page: readonly ExpiringCertificate[], now: Date): Promise<ExpiringCertificate[]> {
    const asked = page.map(({ id, not_after }) => ({ id, days: noticeDue(not_after, now) }));
    const given = await this.database.query<{ id: string }[]>(GIVEN, [JSON.stringify(asked)]);
    const known = new Set(given.map(({ id }) => id));
    return this.withoutSuccessor(
      page.filter(({ id }) => !known.has(id)),
      now,
    );
  }

  private async withoutSuccessor(certificates: ExpiringCertificate[], now: Date): Promise<ExpiringCertificate[]> {
    const { manager } = this.database;
    const clients = [...new Set(certificates.map(({ client_id }) => client_id))];
    const planned = await showCertificates(manager, await this.certificates.plannedOf(manager, clients), now);
    return certificates.filter((certificate) => {
      const others = planned.filter(({ client_id }) => client_id === certificate.client_id);
      return successorsOf(certificate, others, certificate.not_after).every(({ first_seen_at: seen }) => seen === null);
    });
  }
}
