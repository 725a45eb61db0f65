import { Injectable } from '@nestjs/common';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import type { Actor } from '../mutations/words/operator-rules.js';
import { OfferedAlgorithms } from './offered-algorithms.js';
import type { ResourceServerWithScopes } from './register-resource-server.js';
import type { ResourceServer } from '../records/resource-server.entity.js';
import { ResourceServerRepository } from '../records/resource-server.repository.js';
import { resourceServerOutput, type ResourceServerPatch } from './resource-server.schema.js';
import { ResourceServersForChange } from '../locks/resource-servers-for-change.js';

@Injectable()
export class ChangeResourceServer {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: ResourceServersForChange,
    private readonly resourceServers: ResourceServerRepository,
    private readonly algorithms: OfferedAlgorithms,
  ) {}

  change(id: string, patch: ResourceServerPatch, context: MutationContext): Promise<ResourceServerWithScopes> {
    return this.mutations.run(context, async (mutation) => {
      const { transaction } = mutation;
      const server = await this.forChange.lock(mutation, id);
      mutation.assertMatches(server);
      const scopes = await this.resourceServers.scopesOf(transaction, [server]);
      const before = resourceServerOutput.parse({ ...server, scopes });
      await this.assertUsable(server, patch, mutation.actor);
      const saved = await this.resourceServers.save(transaction, Object.assign(server, patch));
      const changed = Object.assign(saved, { scopes });
      const after = resourceServerOutput.parse(changed);
      const clientIds = await this.resourceServers.clientIdsWithGrants(transaction, id);
      mutation.record({ action: 'resource_server.changed', targets: [after.id], before, after, clientIds });
      return changed;
    });
  }

  // Without tokens for the issuer no guard hears of revocations, and without those for the registry nobody can take it back.
  private async assertUsable(
    { audience, signing_alg: present }: ResourceServer,
    { signing_alg: wanted }: ResourceServerPatch,
    { issuer, audience: own }: Actor,
  ): Promise<void> {
    if (wanted === undefined || wanted === present || ![issuer, own].includes(audience)) return;
    await this.algorithms.assertOffered(wanted);
  }
}
