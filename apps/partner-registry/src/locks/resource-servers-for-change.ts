import { Injectable } from '@nestjs/common';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { assertMayChangeServer } from '../mutations/words/operator-rules.js';
import { RegistryError } from '../problems/registry-error.js';
import type { ResourceServer } from '../records/resource-server.entity.js';
import { ResourceServerRepository } from '../records/resource-server.repository.js';

/** The only way to a resource server that is to be changed, or whose scopes or clients are: the registry itself is one. */
@Injectable()
export class ResourceServersForChange {
  constructor(private readonly resourceServers: ResourceServerRepository) {}

  /** @throws RegistryError `not_found`, `operator_scope_required` */
  async lock({ transaction, actor }: ActiveMutation, id: string): Promise<ResourceServer> {
    const server = await this.resourceServers.lock(transaction, id);
    if (!server) throw RegistryError.notFound();
    assertMayChangeServer(actor, server.audience);
    return server;
  }
}
