import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Environment } from '../http/fields.schema.js';
import type { ExpirySummary, ExpirySummaryQuery } from './expiry-summary.schema.js';

const DAY_MS = 86_400_000;
const DAYS = [1, 3, 7, 14, 30, 60, 90];
const EXPIRED_DAYS = 30;
/** The nearest ones, so that the numbers that matter most stay exact. */
const MOST_COUNTED = 100_000;
const ENVIRONMENTS: readonly Environment[] = ['sandbox', 'production'];

const THUMBPRINT = `rtrim(translate(encode(decode(o.sha256, 'hex'), 'base64'), '+/', '-_'), '=')`;
const PLANNED = (o: string): string =>
  `(${o}.status = 'active' OR (${o}.status = 'pending' AND ${o}.activate_at IS NOT NULL))`;

// The successors are those of `successorsOf`: what was registered to replace it, else whatever is in use when it ends.
const SUCCESSOR_SEEN = `EXISTS (
  SELECT 1 FROM registry.certificates o JOIN token.certificate_use u ON u.thumbprint = ${THUMBPRINT}
   WHERE o.client_id = t.client_id AND o.id <> t.id AND ${PLANNED('o')}
     AND CASE WHEN EXISTS (SELECT 1 FROM registry.certificates a
         WHERE a.replaces = t.id AND a.client_id = t.client_id AND ${PLANNED('a')})
       THEN o.replaces = t.id
       ELSE (o.status = 'active' OR o.activate_at <= t.not_after) AND least(o.not_after, o.retire_at) > t.not_after END)`;

const counted = (ends: string, order: string, partner: boolean): string => `
SELECT c.environment, count(*)::int AS certificates, count(*) FILTER (WHERE ${SUCCESSOR_SEEN})::int AS successor_seen,
  width_bucket(extract(epoch FROM t.not_after - $1::timestamptz)::float8, $3::float8[]) AS bucket
  FROM (SELECT t.id, t.client_id, t.not_after FROM registry.certificates t
    WHERE ${ends} ${partner ? 'AND t.partner_id = $4' : ''} ORDER BY ${order} LIMIT ${MOST_COUNTED}) t
  JOIN registry.clients c ON c.id = t.client_id
 GROUP BY 1, 4`;

const AHEAD = `t.status = 'active' AND t.not_after > $1 AND t.not_after <= $2`;
const BEHIND = `t.status IN ('active', 'expired') AND t.not_after > $2 AND t.not_after <= $1`;

interface Bucket {
  readonly environment: Environment;
  /** how many of the thresholds lie before its ends */
  readonly bucket: number;
  readonly certificates: number;
  readonly successor_seen: number;
}

/** Certificates by how soon they run out, and for how many of them somebody has taken care of that. */
@Injectable()
export class SummariseExpiry {
  constructor(private readonly database: DataSource) {}

  async summary({ partner_id: partner, environment }: ExpirySummaryQuery, now: Date): Promise<ExpirySummary> {
    const ends = new Date(now.getTime() + DAYS.at(-1)! * DAY_MS);
    const since = new Date(now.getTime() - EXPIRED_DAYS * DAY_MS);
    const ahead = await this.buckets(counted(AHEAD, 't.not_after, t.id', partner !== undefined), now, ends, partner);
    const latest = 't.not_after DESC, t.id DESC';
    const behind = await this.buckets(counted(BEHIND, latest, partner !== undefined), now, since, partner);
    const items = ENVIRONMENTS.filter((one) => environment === undefined || one === environment).map((one) => {
      const own = ahead.filter((bucket) => bucket.environment === one);
      const expired = sum(behind.filter((bucket) => bucket.environment === one));
      const within = DAYS.map((days, at) => ({ days, ...sum(own.filter(({ bucket }) => bucket <= at)) }));
      return { environment: one, expired, within };
    });
    return { items, complete: [ahead, behind].every((found) => sum(found).certificates < MOST_COUNTED) };
  }

  private buckets(sql: string, now: Date, limit: Date, partner: string | undefined): Promise<Bucket[]> {
    const seconds = DAYS.map((days) => (days * DAY_MS) / 1_000);
    return this.database.query(sql, [now, limit, seconds, ...(partner === undefined ? [] : [partner])]);
  }
}

function sum(buckets: readonly Bucket[]) {
  return {
    certificates: buckets.reduce((all, { certificates }) => all + certificates, 0),
    successor_seen: buckets.reduce((all, { successor_seen: seen }) => all + seen, 0),
  };
}
