import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LONGEST_NOTICE_MS, NOTICE_DAYS } from './notice-thresholds.js';

export interface DaysLeftCount {
  readonly environment: string;
  /** one of the thresholds of notices */
  readonly withinDays: number;
  /** those with fewer days among them */
  readonly certificates: number;
}

/** More than these are not counted: the nearest ones are, so that the numbers that matter most stay exact. */
const MOST_COUNTED = 100_000;
/** How long an answer is given again. */
const KEPT_MS = 60_000;
const DAY_SECONDS = 86_400;
const ENVIRONMENTS = ['sandbox', 'production'];
const THRESHOLDS = NOTICE_DAYS.toSorted((one, other) => one - other);

// By the index of what is to expire, in its order. A bucket is the number of thresholds that are farther off the end.
const BUCKETS = `
SELECT c.environment, count(*)::int AS certificates,
    width_bucket(extract(epoch FROM t.not_after - $1::timestamptz)::float8, $3::float8[]) AS bucket
  FROM (SELECT client_id, not_after FROM registry.certificates
    WHERE status = 'active' AND not_after > $1 AND not_after <= $2 ORDER BY not_after, id LIMIT ${MOST_COUNTED}) t
  JOIN registry.clients c ON c.id = t.client_id
 GROUP BY 1, 3`;

interface Bucket {
  readonly environment: string;
  readonly bucket: number;
  readonly certificates: number;
}

/** Active certificates by how soon they run out, for metrics. */
@Injectable()
export class CertificatesByDaysLeft {
  #askedAt = -Infinity;
  #counts: Promise<DaysLeftCount[]> = Promise.resolve([]);

  constructor(private readonly database: DataSource) {}

  /** At most a minute old; a failure is not kept. */
  counts(): Promise<DaysLeftCount[]> {
    if (performance.now() - this.#askedAt < KEPT_MS) return this.#counts;
    this.#askedAt = performance.now();
    this.#counts = this.read(new Date());
    this.#counts.catch(() => (this.#askedAt = -Infinity));
    return this.#counts;
  }

  private async read(now: Date): Promise<DaysLeftCount[]> {
    const seconds = THRESHOLDS.map((days) => days * DAY_SECONDS);
    const end = new Date(now.getTime() + LONGEST_NOTICE_MS);
    const buckets = await this.database.query<Bucket[]>(BUCKETS, [now, end, seconds]);
    return ENVIRONMENTS.flatMap((environment) => {
      const own = buckets.filter((one) => one.environment === environment);
      return THRESHOLDS.map((withinDays, threshold) => {
        const within = own.filter(({ bucket }) => bucket <= threshold);
        return { environment, withinDays, certificates: within.reduce((sum, one) => sum + one.certificates, 0) };
      });
    });
  }
}
