import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AuthenticationEvent } from './authentication-event.js';
import type { CountedRefusals } from './refused-attempts.js';

// One statement, so one transaction. A batch that is written again, because nobody heard that it had been, adds nothing.
// In the order of thumbprints, because two replicas that see the same certificates would wait for each other.
const STORE = `
  WITH event AS MATERIALIZED (
    SELECT * FROM json_to_recordset($1::json) AS e(occurred_at timestamptz, request_id text, outcome text, error text,
      failed_check text, client_id text, partner_id text, method text, authenticated boolean, thumbprint text,
      address text, audience text, scope text, jti text, expires_at timestamptz)
  ), stored AS (
    INSERT INTO token.authentication_event (occurred_at, request_id, outcome, error, failed_check, client_id, partner_id,
      method, authenticated, thumbprint, address, audience, scope, jti, expires_at)
    SELECT * FROM event ON CONFLICT DO NOTHING
  )
  INSERT INTO token.certificate_seen AS seen (thumbprint, first_seen_at, last_seen_at)
  SELECT thumbprint, min(occurred_at), max(occurred_at) FROM event WHERE authenticated AND thumbprint IS NOT NULL
   GROUP BY thumbprint ORDER BY thumbprint
  ON CONFLICT (thumbprint) DO UPDATE SET
    first_seen_at = least(seen.first_seen_at, excluded.first_seen_at),
    last_seen_at = greatest(seen.last_seen_at, excluded.last_seen_at)`;

const STORE_REFUSED = `
  INSERT INTO token.refused_attempts (day, replica, endpoint, error, failed_check, client_id, address_range, attempts,
    first_at, last_at, request_ids)
  SELECT day, $1, endpoint, error, failed_check, client_id, address_range, attempts, first_at, last_at, request_ids
    FROM json_to_recordset($2::json) AS r(day date, endpoint text, error text, failed_check text, client_id text,
      address_range text, attempts bigint, first_at timestamptz, last_at timestamptz, request_ids text[])
  ON CONFLICT (day, replica, endpoint, error, failed_check, client_id, address_range) DO UPDATE SET
    attempts = excluded.attempts, last_at = excluded.last_at, request_ids = excluded.request_ids`;

@Injectable()
export class AuthenticationEventsRepository {
  constructor(private readonly database: DataSource) {}

  /** All of them or none. */
  async store(events: readonly AuthenticationEvent[]): Promise<void> {
    await this.database.query(STORE, [JSON.stringify(events)]);
  }

  /** The numbers so far of this replica. */
  async storeRefused(replica: string, rows: readonly CountedRefusals[]): Promise<void> {
    await this.database.query(STORE_REFUSED, [replica, JSON.stringify(rows)]);
  }

  async forgetRefused(keptDays: number): Promise<void> {
    await this.database.query('SELECT token.forget_refused_attempts($1)', [keptDays]);
  }

  /**
   * Makes the partitions of the next days and drops those older than `keptDays`; by one replica at a time.
   * @returns names of dropped ones
   */
  async keepPartitions(keptDays: number): Promise<string[]> {
    const rows = await this.database.query<{ dropped: string }[]>(
      'SELECT dropped FROM token.keep_authentication_event_partitions($1) AS dropped',
      [keptDays],
    );
    return rows.map(({ dropped }) => dropped);
  }
}
