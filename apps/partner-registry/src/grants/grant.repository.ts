import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import type { PageRequest } from '../conventions/page.js';
import { ResourceServer } from '../resource-servers/resource-server.entity.js';
import { Scope } from '../resource-servers/scope.entity.js';
import { Grant } from './grant.entity.js';

/** A grant with the names of what it grants. */
export type NamedGrant = Grant & { audience: string; scope: string };

@Injectable()
export class GrantRepository {
  findOfClient(database: EntityManager, clientId: string, scopeIds: readonly string[]): Promise<Grant[]> {
    return database.findBy(Grant, { client_id: clientId, scope_id: In([...scopeIds]) });
  }

  /** One row more than the page holds. */
  async listOfClient(database: EntityManager, clientId: string, page: PageRequest): Promise<NamedGrant[]> {
    const query = database
      .createQueryBuilder(Grant, 'granted')
      .innerJoin(Scope, 'scope', 'scope.id = granted.scope_id')
      .innerJoin(ResourceServer, 'server', 'server.id = granted.resource_server_id')
      .addSelect(['scope.name AS scope_name', 'server.audience AS server_audience'])
      .where('granted.client_id = :clientId', { clientId })
      .orderBy('granted.id', 'ASC')
      .limit(page.limit + 1);
    if (page.after !== undefined) query.andWhere('granted.id > :after', page);
    const { entities, raw } = await query.getRawAndEntities<{ scope_name: string; server_audience: string }>();
    return entities.map((grant, at) =>
      Object.assign(grant, { scope: raw[at]!.scope_name, audience: raw[at]!.server_audience }),
    );
  }

  save(database: EntityManager, grants: Grant[]): Promise<Grant[]> {
    return database.save(grants);
  }
}
