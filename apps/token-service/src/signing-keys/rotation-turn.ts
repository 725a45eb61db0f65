import type { EntityManager } from 'typeorm';
import type { NewSigningKey } from './create-signing-key.js';
import { SigningKey, type SigningKeyStatus } from '../records/signing-key.entity.js';

/** One transaction in which nobody else moves keys: every move of it becomes visible at once, or none. // A28 */
export class RotationTurn {
  private constructor(
    private readonly transaction: EntityManager,
    /** The database's clock when the turn began: one clock for all replicas. */
    readonly now: Date,
  ) {}

  /** @returns undefined while another replica or a command has the turn */
  static async begin(transaction: EntityManager): Promise<RotationTurn | undefined> {
    // Ends with the transaction, so that a replica that dies in its turn does not keep it.
    const [attempt] = (await transaction.query(
      `SELECT pg_try_advisory_xact_lock(hashtextextended('token.signing_key', 0)) AS locked, clock_timestamp() AS now`,
    )) as [{ locked: boolean; now: Date }];
    return attempt.locked ? new RotationTurn(transaction, attempt.now) : undefined;
  }

  /** All of them, also those that are only kept for audit. */
  keys(): Promise<SigningKey[]> {
    return this.transaction.find(SigningKey, { order: { createdAt: 'ASC', kid: 'ASC' } });
  }

  async insert(key: NewSigningKey): Promise<void> {
    await this.transaction.insert(SigningKey, key);
  }

  /** The database dates the move, destroys the private part of a key that is done for, and refuses any way back. */
  async move(kid: string, status: SigningKeyStatus): Promise<void> {
    await this.transaction.update(SigningKey, { kid }, { status });
  }

  /** @returns the number under which the revocation feed tells the APIs // A29 */
  async recordDistrust(kid: string): Promise<number> {
    const sql = `SELECT token.record_key_distrust($1, 'signing key distrusted')::float8 AS seq`;
    const [{ seq }] = (await this.transaction.query(sql, [kid])) as [{ seq: number }];
    return seq;
  }

  async storePrivatePart(kid: string, privateJwe: string): Promise<void> {
    await this.transaction.update(SigningKey, { kid }, { privateJwe });
  }
}
