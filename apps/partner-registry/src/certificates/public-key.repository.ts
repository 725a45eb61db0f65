import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { PublicKey } from './public-key.entity.js';

@Injectable()
export class PublicKeyRepository {
  /**
   * The key's row, made for this partner when nobody has it yet, and locked against a report of compromise. Of two
   * partners who come at the same moment the second waits here, and then reads the first one's row.
   */
  async claim(transaction: EntityManager, spkiSha256: string, partnerId: string): Promise<PublicKey> {
    const claim = { spki_sha256: spkiSha256, partner_id: partnerId };
    await transaction
      .createQueryBuilder()
      .insert()
      .into(PublicKey)
      .values(claim)
      .orIgnore()
      .updateEntity(false)
      .execute();
    return transaction.findOneOrFail(PublicKey, {
      where: { spki_sha256: spkiSha256 },
      lock: { mode: 'pessimistic_read' },
    });
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
