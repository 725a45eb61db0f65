import type { EntityManager } from 'typeorm';
import type { Partner } from '../records/partner.entity.js';
import { PartnerRepository } from '../records/partner.repository.js';

/**
 * The platform's own partner, locked; null before the bootstrap. Of two commands at once the second waits here, also
 * while there is no row yet that one could lock.
 */
export async function lockPlatform(transaction: EntityManager): Promise<Partner | null> {
  await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('bootstrap partner registry', 0))`);
  const partners = new PartnerRepository();
  const platform = await partners.findPlatform(transaction);
  return platform && partners.lock(transaction, platform.id);
}
