import { Injectable } from '@nestjs/common';
import { In, MoreThan, type EntityManager } from 'typeorm';
import type { PageRequest } from '../http/page.js';
import { ResourceServerClient } from './resource-server-client.entity.js';
import { ResourceServer } from './resource-server.entity.js';
import { Scope } from './scope.entity.js';

/** Absent: not asked about. */
export type ResourceServerFilters = Partial<Pick<ResourceServer, 'audience' | 'environment'>>;

@Injectable()
export class ResourceServerRepository {
  find(database: EntityManager, id: string): Promise<ResourceServer | null> {
    return database.findOneBy(ResourceServer, { id });
  }

  findByAudience(database: EntityManager, audience: string): Promise<ResourceServer | null> {
    return database.findOneBy(ResourceServer, { audience });
  }

  /** The server, locked until the transaction ends; not against those who only refer to it. */
  lock(transaction: EntityManager, id: string): Promise<ResourceServer | null> {
    return transaction.findOne(ResourceServer, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  /** One row more than the page holds. */
  list(database: EntityManager, page: PageRequest, filters: ResourceServerFilters): Promise<ResourceServer[]> {
    const where = { ...filters, ...(page.after === undefined ? {} : { id: MoreThan(page.after) }) };
    return database.find(ResourceServer, { where, order: { id: 'ASC' }, take: page.limit + 1 });
  }

  findScope(database: EntityManager, id: string): Promise<Scope | null> {
    return database.findOneBy(Scope, { id });
  }

  scopesOf(database: EntityManager, servers: readonly ResourceServer[]): Promise<Scope[]> {
    const where = { resource_server_id: In(servers.map(({ id }) => id)) };
    return database.find(Scope, { where, order: { id: 'ASC' } });
  }

  /** Those whose tokens for this server may look different from now on. */
  async clientIdsWithGrants(database: EntityManager, id: string): Promise<string[]> {
    const rows = await database.query<{ client_id: string }[]>(
      `SELECT DISTINCT client_id FROM registry.grants WHERE resource_server_id = $1 AND status = 'active'`,
      [id],
    );
    return rows.map((row) => row.client_id);
  }

  clientsOf(database: EntityManager, id: string): Promise<ResourceServerClient[]> {
    return database.find(ResourceServerClient, { where: { resource_server_id: id }, order: { client_id: 'ASC' } });
  }

  findClient(database: EntityManager, id: string, clientId: string): Promise<ResourceServerClient | null> {
    return database.findOneBy(ResourceServerClient, { resource_server_id: id, client_id: clientId });
  }

  save(database: EntityManager, server: ResourceServer): Promise<ResourceServer> {
    return database.save(server);
  }

  saveScopes(database: EntityManager, scopes: Scope[]): Promise<Scope[]> {
    return database.save(scopes);
  }

  saveClient(transaction: EntityManager, link: ResourceServerClient): Promise<ResourceServerClient> {
    return transaction.save(link);
  }

  async removeClient(transaction: EntityManager, link: ResourceServerClient): Promise<void> {
    const { resource_server_id, client_id } = link;
    await transaction.delete(ResourceServerClient, { resource_server_id, client_id });
  }
}
