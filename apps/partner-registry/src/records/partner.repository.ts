import { Injectable } from '@nestjs/common';
import { In, MoreThan, type EntityManager } from 'typeorm';
import { Client } from './client.entity.js';
import type { PageRequest } from '../http/page.js';
import { Partner } from './partner.entity.js';

/** Each one undefined or absent: not asked about. */
export type PartnerFilters = Partial<Pick<Partner, 'status' | 'slug'>> & { external_ref?: string };

@Injectable()
export class PartnerRepository {
  find(database: EntityManager, id: string): Promise<Partner | null> {
    return database.findOneBy(Partner, { id });
  }

  /**
   * The partner, locked until the transaction ends. Not against those who only refer to it: they hold a client, which
   * offboarding waits for.
   */
  lock(transaction: EntityManager, id: string): Promise<Partner | null> {
    return transaction.findOne(Partner, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  /** The partner as it will stay until the transaction ends; for what is added to it. */
  hold(transaction: EntityManager, id: string): Promise<Partner | null> {
    return transaction.findOne(Partner, { where: { id }, lock: { mode: 'pessimistic_read' } });
  }

  /** In one order, so that two of these never wait for each other. @param among uuids; undefined: all */
  async lockClients(transaction: EntityManager, id: string, among?: readonly string[]): Promise<void> {
    const sql = `SELECT 1 FROM registry.clients WHERE partner_id = $1 AND ($2::uuid[] IS NULL OR id = ANY ($2))
      ORDER BY id FOR UPDATE`;
    await transaction.query(sql, [id, among ?? null]);
  }

  findPlatform(database: EntityManager): Promise<Partner | null> {
    return database.findOneBy(Partner, { is_platform: true });
  }

  /** One row more than the page holds. */
  list(database: EntityManager, page: PageRequest, filters: PartnerFilters): Promise<Partner[]> {
    const where = { ...filters, ...(page.after === undefined ? {} : { id: MoreThan(page.after) }) };
    return database.find(Partner, { where, order: { id: 'ASC' }, take: page.limit + 1 });
  }

  /**
   * Of a partner that is locked: a client that comes at the same moment waits for the lock, or was waited for.
   * @param among uuids; undefined: all
   */
  async clientIdsOf(transaction: EntityManager, id: string, among?: readonly string[]): Promise<string[]> {
    const where = { partner_id: id, ...(among ? { id: In([...among]) } : {}) };
    const clients = await transaction.find(Client, { select: { id: true }, where });
    return clients.map((client) => client.id);
  }

  save(database: EntityManager, partner: Partner): Promise<Partner> {
    return database.save(partner);
  }
}
