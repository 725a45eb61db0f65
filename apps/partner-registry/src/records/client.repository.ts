import { Injectable } from '@nestjs/common';
import { MoreThan, MoreThanOrEqual, type EntityManager } from 'typeorm';
import { Certificate } from './certificate.entity.js';
import type { PageRequest } from '../http/page.js';
import { Client } from './client.entity.js';

/** Absent: not asked about. */
export type ClientFilters = Partial<
  Pick<Client, 'partner_id' | 'status' | 'environment' | 'token_endpoint_auth_method'>
>;

@Injectable()
export class ClientRepository {
  find(database: EntityManager, id: string): Promise<Client | null> {
    return database.findOneBy(Client, { id });
  }

  /** The client, locked until the transaction ends. Use cases take `ClientsForChange` instead, which knows the operator rules. */
  lock(transaction: EntityManager, id: string): Promise<Client | null> {
    return transaction.findOne(Client, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** The same; null when somebody else has it in hands, or there is none. */
  async lockIfFree(transaction: EntityManager, id: string): Promise<Client | null> {
    const lock = { mode: 'pessimistic_write', onLocked: 'skip_locked' } as const;
    return transaction.findOne(Client, { where: { id }, lock });
  }

  /** One row more than the page holds. */
  list(database: EntityManager, page: PageRequest, filters: ClientFilters): Promise<Client[]> {
    const where = { ...filters, ...(page.after === undefined ? {} : { id: MoreThan(page.after) }) };
    return database.find(Client, { where, order: { id: 'ASC' }, take: page.limit + 1 });
  }

  /** A new version of a locked client that itself stays as it is: something that belongs to it was changed. */
  async touch(transaction: EntityManager, id: string): Promise<Client> {
    const sql = 'UPDATE registry.clients SET version = version + 1, updated_at = now() WHERE id = $1';
    await transaction.query(sql, [id]);
    return transaction.findOneByOrFail(Client, { id });
  }

  /** Certificates it could authenticate with now; one that ran out takes nobody's place. */
  countUsableCertificates(database: EntityManager, id: string, now: Date): Promise<number> {
    return database.countBy(Certificate, { client_id: id, status: 'active', not_after: MoreThanOrEqual(now) });
  }

  save(database: EntityManager, client: Client): Promise<Client> {
    return database.save(client);
  }
}
