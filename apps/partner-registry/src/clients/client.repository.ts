import { Injectable } from '@nestjs/common';
import { MoreThan, MoreThanOrEqual, type EntityManager } from 'typeorm';
import { Certificate } from '../certificates/certificate.entity.js';
import type { PageRequest } from '../conventions/page.js';
import { Grant } from '../grants/grant.entity.js';
import { ResourceServer } from '../resource-servers/resource-server.entity.js';
import { Client } from './client.entity.js';

@Injectable()
export class ClientRepository {
  find(database: EntityManager, id: string): Promise<Client | null> {
    return database.findOneBy(Client, { id });
  }

  /** The client, locked until the transaction ends. Use cases take `ClientsForChange` instead, which knows the operator rules. */
  lock(transaction: EntityManager, id: string): Promise<Client | null> {
    return transaction.findOne(Client, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** One row more than the page holds. */
  list(database: EntityManager, page: PageRequest, partnerId: string | undefined): Promise<Client[]> {
    const where = {
      ...(page.after === undefined ? {} : { id: MoreThan(page.after) }),
      ...(partnerId === undefined ? {} : { partner_id: partnerId }),
    };
    return database.find(Client, { where, order: { id: 'ASC' }, take: page.limit + 1 });
  }

  /** Certificates it could authenticate with now; one that ran out takes nobody's place. */
  countUsableCertificates(database: EntityManager, id: string, now: Date): Promise<number> {
    return database.countBy(Certificate, { client_id: id, status: 'active', not_after: MoreThanOrEqual(now) });
  }

  /** Whether it may use this audience, now or once. */
  holdsGrantFor(database: EntityManager, id: string, audience: string): Promise<boolean> {
    return database
      .createQueryBuilder(Grant, 'granted')
      .innerJoin(ResourceServer, 'server', 'server.id = granted.resource_server_id')
      .where('granted.client_id = :id AND server.audience = :audience', { id, audience })
      .getExists();
  }

  save(database: EntityManager, client: Client): Promise<Client> {
    return database.save(client);
  }
}
