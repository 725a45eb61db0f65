import { Injectable } from '@nestjs/common';
import { In, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import type { PageRequest } from '../http/page.js';
import { ResourceServer } from './resource-server.entity.js';
import { Scope } from './scope.entity.js';
import { Grant } from './grant.entity.js';
import type { GrantStatus } from './grant-status.js';

/** A grant with the names of what it grants. */
export type NamedGrant = Grant & { audience: string; scope: string };

/** Absent: not asked about. */
export interface GrantFilters {
  readonly client_id?: string | undefined;
  readonly status?: GrantStatus | undefined;
  readonly audience?: string | undefined;
}

@Injectable()
export class GrantRepository {
  async find(database: EntityManager, id: string): Promise<NamedGrant | undefined> {
    const [grant] = await named(withNames(database).where('granted.id = :id', { id }));
    return grant;
  }

  findOfClient(database: EntityManager, clientId: string, scopeIds: readonly string[]): Promise<Grant[]> {
    return database.findBy(Grant, { client_id: clientId, scope_id: In([...scopeIds]) });
  }

  /** One row more than the page holds. */
  list(database: EntityManager, page: PageRequest, filters: GrantFilters): Promise<NamedGrant[]> {
    const query = withNames(database)
      .orderBy('granted.id', 'ASC')
      .limit(page.limit + 1);
    if (page.after !== undefined) query.andWhere('granted.id > :after', page);
    const { client_id: clientId, status, audience } = filters;
    if (clientId !== undefined) query.andWhere('granted.client_id = :clientId', { clientId });
    if (status !== undefined) query.andWhere('granted.status = :status', { status });
    if (audience !== undefined) query.andWhere(`granted.resource_server_id = ${SERVER_OF}`, { audience });
    return named(query);
  }

  save(database: EntityManager, grants: Grant[]): Promise<Grant[]> {
    return database.save(grants);
  }
}

// as a value, so that the index over server and id gives the order
const SERVER_OF = '(SELECT r.id FROM registry.resource_servers r WHERE r.audience = :audience)';

function withNames(database: EntityManager): SelectQueryBuilder<Grant> {
  return database
    .createQueryBuilder(Grant, 'granted')
    .innerJoin(Scope, 'scope', 'scope.id = granted.scope_id')
    .innerJoin(ResourceServer, 'server', 'server.id = granted.resource_server_id')
    .addSelect(['scope.name AS scope_name', 'server.audience AS server_audience']);
}

async function named(query: SelectQueryBuilder<Grant>): Promise<NamedGrant[]> {
  const { entities, raw } = await query.getRawAndEntities<{ scope_name: string; server_audience: string }>();
  return entities.map((grant, at) =>
    Object.assign(grant, { scope: raw[at]!.scope_name, audience: raw[at]!.server_audience }),
  );
}
