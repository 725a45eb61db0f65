import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { certificateRevoked, keyInUse } from '../problems/certificate.errors.js';
import { PublicKey } from './public-key.entity.js';

@Injectable()
export class PublicKeyRepository {
  /**
   * Makes the key this partner's when nobody has it yet, and locks it against a report of compromise. Of two partners
   * who come at the same moment the second waits here, and then reads the first one's row.
   * @throws RegistryError `key_in_use`, `certificate_revoked` when it was reported compromised
   */
  async claim(transaction: EntityManager, spkiSha256: string, partnerId: string): Promise<void> {
    const key = await this.hold(transaction, spkiSha256, partnerId);
    if (key.partner_id !== partnerId) throw keyInUse();
    if (key.compromised_at !== null) throw certificateRevoked();
  }

  /** The same, for whoever judges itself: the key as it will stay until the transaction ends, whosever it is. */
  async hold(transaction: EntityManager, spkiSha256: string, partnerId: string): Promise<PublicKey> {
    const claim = { spki_sha256: spkiSha256, partner_id: partnerId };
    await transaction
      .createQueryBuilder()
      .insert()
      .into(PublicKey)
      .values(claim)
      .orIgnore()
      .updateEntity(false)
      .execute();
    const where = { spki_sha256: spkiSha256 };
    return transaction.findOneOrFail(PublicKey, { where, lock: { mode: 'pessimistic_read' } });
  }

  /** Whose it is and whether it was reported compromised; null while nobody has it. */
  find(database: EntityManager, spkiSha256: string): Promise<PublicKey | null> {
    return database.findOneBy(PublicKey, { spki_sha256: spkiSha256 });
  }

  /** The key is in other hands: no certificate of it is accepted again. */
  async markCompromised(transaction: EntityManager, spkiSha256: string, now: Date): Promise<void> {
    const key = await transaction.findOneOrFail(PublicKey, {
      where: { spki_sha256: spkiSha256 },
      lock: { mode: 'pessimistic_write' },
    });
    key.compromised_at ??= now;
    await transaction.save(key);
  }
}
