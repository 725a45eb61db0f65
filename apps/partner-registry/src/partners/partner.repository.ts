import { Injectable } from '@nestjs/common';
import { MoreThan, type EntityManager } from 'typeorm';
import type { PageRequest } from '../conventions/page.js';
import { Partner } from './partner.entity.js';

@Injectable()
export class PartnerRepository {
  find(database: EntityManager, id: string): Promise<Partner | null> {
    return database.findOneBy(Partner, { id });
  }

  /** The partner, locked until the transaction ends. */
  lock(transaction: EntityManager, id: string): Promise<Partner | null> {
    return transaction.findOne(Partner, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  findPlatform(database: EntityManager): Promise<Partner | null> {
    return database.findOneBy(Partner, { is_platform: true });
  }

  /** One row more than the page holds. */
  list(database: EntityManager, page: PageRequest): Promise<Partner[]> {
    const where = page.after === undefined ? {} : { id: MoreThan(page.after) };
    return database.find(Partner, { where, order: { id: 'ASC' }, take: page.limit + 1 });
  }

  save(database: EntityManager, partner: Partner): Promise<Partner> {
    return database.save(partner);
  }
}
