import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Turns } from '@partner-ecosystem/platform/limits';
import { DataSource } from 'typeorm';
import { answeredWithin } from '../../database/answered-within.js';
import { Outage } from '../../database/outage.js';
import { CLOCK_SKEW_SECONDS } from './assertion-claims.js';

const MARK = `
  INSERT INTO token.used_assertion (client_id, jti_sha256, kept_until) VALUES ($1, $2, $3)
  ON CONFLICT DO NOTHING RETURNING true AS fresh`;

const PATIENCE_MS = 1_500;

/** Which assertions were used: one memory for all replicas. // A7 */
@Injectable()
export class UsedAssertions {
  readonly #outage = new Outage();
  // Of one assertion that comes often at once, one waits for Postgres, and the others here. // A36
  readonly #turns = new Turns();

  constructor(private readonly database: DataSource) {}

  /**
   * Marks an assertion as used; of several at once, on whichever replicas, one succeeds. Without Postgres it fails: at
   * once where that is known, and before anybody is kept waiting. What was given up may still have been marked.
   * @returns false when it was used before
   * @throws DatabaseLateError, or what the database says
   */
  async useOnce(clientId: string, { jti, expiresAt }: { jti: string; expiresAt: Date }): Promise<boolean> {
    const hash = createHash('sha256').update(jti).digest();
    const mark = () => this.database.query<unknown[]>(MARK, [clientId, hash, keptUntil(expiresAt)]);
    const inserted = await this.#outage.attempt(() =>
      answeredWithin(PATIENCE_MS, this.#turns.run(`${clientId} ${hash.toString('hex')}`, PATIENCE_MS, mark)),
    );
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
