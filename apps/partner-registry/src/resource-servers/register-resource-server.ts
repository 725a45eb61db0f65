import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { violatedConstraint } from '../records/violated-constraint.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { assertMayChangeServer } from '../mutations/words/operator-rules.js';
import { RegistryError } from '../problems/registry-error.js';
import { ResourceServer } from '../records/resource-server.entity.js';
import { ResourceServerRepository } from '../records/resource-server.repository.js';
import { resourceServerOutput, type NewResourceServer } from './resource-server.schema.js';
import { Scope } from '../records/scope.entity.js';
import { scopeFields } from './scope-fields.js';

export type ResourceServerWithScopes = ResourceServer & { scopes: Scope[] };

@Injectable()
export class RegisterResourceServer {
  constructor(private readonly resourceServers: ResourceServerRepository) {}

  /**
   * Within a mutation: the server and its scopes are registered together.
   */
  async register(mutation: ActiveMutation, request: NewResourceServer): Promise<ResourceServerWithScopes> {
    const { transaction } = mutation;
    assertMayChangeServer(mutation.actor, request.audience);
    const { scopes, ...description } = request;
    const server = await this.save(transaction, transaction.create(ResourceServer, description));
    const rows = scopes.map((scope) =>
      transaction.create(Scope, { ...scopeFields(scope), resource_server_id: server.id }),
    );
    const registered = Object.assign(server, { scopes: await this.resourceServers.saveScopes(transaction, rows) });
    const after = resourceServerOutput.parse(registered);
    mutation.record({ action: 'resource_server.registered', targets: [after.id], after });
    return registered;
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
