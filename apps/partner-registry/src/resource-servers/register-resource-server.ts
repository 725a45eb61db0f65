import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { violatedConstraint } from '../database/constraint.js';
import { RegistryError } from '../problems/registry-error.js';
import { ResourceServer } from './resource-server.entity.js';
import { ResourceServerRepository } from './resource-server.repository.js';
import type { NewResourceServer } from './resource-server.schema.js';
import { Scope } from './scope.entity.js';

export type ResourceServerWithScopes = ResourceServer & { scopes: Scope[] };

@Injectable()
export class RegisterResourceServer {
  constructor(private readonly resourceServers: ResourceServerRepository) {}

  /** Needs a transaction: the server and its scopes are registered together. @throws RegistryError `audience_taken` */
  async register(transaction: EntityManager, request: NewResourceServer): Promise<ResourceServerWithScopes> {
    const { scopes, ...description } = request;
    const server = await this.save(transaction, transaction.create(ResourceServer, description));
    const rows = scopes.map((scope) => transaction.create(Scope, { ...scope, resource_server_id: server.id }));
    return Object.assign(server, { scopes: await this.resourceServers.saveScopes(transaction, rows) });
  }

  private async save(transaction: EntityManager, server: ResourceServer): Promise<ResourceServer> {
    try {
      return await this.resourceServers.save(transaction, server);
    } catch (error) {
      if (violatedConstraint(error) !== 'resource_servers_audience_key') throw error;
      throw RegistryError.ofField('audience_taken', '/audience', 'A resource server has this audience already.');
    }
  }
}
