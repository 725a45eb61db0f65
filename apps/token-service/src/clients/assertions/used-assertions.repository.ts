import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLOCK_SKEW_SECONDS } from './assertion-claims.js';

/** Which assertions were used: one memory for all replicas. // A7 */
@Injectable()
export class UsedAssertions {
  constructor(private readonly database: DataSource) {}

  /**
   * Marks an assertion as used; of several at once, on whichever replicas, one succeeds.
   * @returns false when it was used before
   */
  async useOnce(clientId: string, { jti, expiresAt }: { jti: string; expiresAt: Date }): Promise<boolean> {
    const inserted = (await this.database.query(
      `INSERT INTO token.used_assertion (client_id, jti_sha256, kept_until) VALUES ($1, $2, $3)
       ON CONFLICT DO NOTHING RETURNING true AS fresh`,
      [clientId, createHash('sha256').update(jti).digest(), keptUntil(expiresAt)],
    )) as unknown[];
    return inserted.length === 1;
  }

  /**
   * Forgets some of those that nobody could use again, by the database's clock.
   * @returns how many
   */
  async forgetExpired(): Promise<number> {
    const [{ forgotten }] = (await this.database.query(`SELECT token.forget_used_assertions() AS forgotten`)) as [
      { forgotten: number },
    ];
    return forgotten;
  }
}

// The clock that says it has expired is a replica's, the one that forgets is the database's.
function keptUntil(expiresAt: Date): Date {
  return new Date(expiresAt.getTime() + CLOCK_SKEW_SECONDS * 1000);
}
