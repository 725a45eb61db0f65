import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { violatedConstraint } from '../records/violated-constraint.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { RegistryError } from '../problems/registry-error.js';
import { ResourceServerRepository } from '../records/resource-server.repository.js';
import { scopeOutput, type NewScope, type ScopePatch } from './resource-server.schema.js';
import { ResourceServersForChange } from '../locks/resource-servers-for-change.js';
import { Scope } from '../records/scope.entity.js';
import { scopeFields } from './scope-fields.js';

@Injectable()
export class ChangeScopes {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: ResourceServersForChange,
    private readonly resourceServers: ResourceServerRepository,
  ) {}

  add(serverId: string, request: NewScope, context: MutationContext): Promise<Scope> {
    return this.mutations.run(context, async (mutation) => {
      mutation.assertMatches(await this.forChange.lock(mutation, serverId));
      const fields = { ...scopeFields(request), resource_server_id: serverId };
      const scope = await this.save(mutation.transaction, mutation.transaction.create(Scope, fields));
      const after = scopeOutput.parse(scope);
      mutation.record({ action: 'scope.added', targets: [after.id, after.resource_server_id], after });
      return scope;
    });
  }

  /** What was granted stays granted. */
  change(id: string, patch: ScopePatch, context: MutationContext): Promise<Scope> {
    return this.mutations.run(context, async (mutation) => {
      const found = await this.resourceServers.findScope(mutation.transaction, id);
      if (!found) throw RegistryError.notFound();
      await this.forChange.lock(mutation, found.resource_server_id);
      const scope = (await this.resourceServers.findScope(mutation.transaction, id))!;
      mutation.assertMatches(scope);
      const before = scopeOutput.parse(scope);
      const saved = await this.save(mutation.transaction, Object.assign(scope, patch));
      const after = scopeOutput.parse(saved);
      mutation.record({ action: 'scope.changed', targets: [after.id, after.resource_server_id], before, after });
      return saved;
    });
  }

  private async save(transaction: EntityManager, scope: Scope): Promise<Scope> {
    try {
      const [saved] = await this.resourceServers.saveScopes(transaction, [scope]);
      return saved!;
    } catch (error) {
      if (violatedConstraint(error) !== 'scopes_resource_server_id_name_key') throw error;
      throw RegistryError.ofField('scope_taken', '/name', 'The resource server has a scope of this name already.');
    }
  }
}
