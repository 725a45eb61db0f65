import { Injectable } from '@nestjs/common';
import { In, MoreThan, type EntityManager } from 'typeorm';
import type { PageRequest } from '../conventions/page.js';
import { ResourceServer } from './resource-server.entity.js';
import { Scope } from './scope.entity.js';

@Injectable()
export class ResourceServerRepository {
  findByAudience(database: EntityManager, audience: string): Promise<ResourceServer | null> {
    return database.findOneBy(ResourceServer, { audience });
  }

  /** One row more than the page holds. */
  list(database: EntityManager, page: PageRequest): Promise<ResourceServer[]> {
    const where = page.after === undefined ? {} : { id: MoreThan(page.after) };
    return database.find(ResourceServer, { where, order: { id: 'ASC' }, take: page.limit + 1 });
  }

  scopesOf(database: EntityManager, servers: readonly ResourceServer[]): Promise<Scope[]> {
    const where = { resource_server_id: In(servers.map(({ id }) => id)) };
    return database.find(Scope, { where, order: { id: 'ASC' } });
  }

  save(database: EntityManager, server: ResourceServer): Promise<ResourceServer> {
    return database.save(server);
  }

  saveScopes(database: EntityManager, scopes: Scope[]): Promise<Scope[]> {
    return database.save(scopes);
  }
}
