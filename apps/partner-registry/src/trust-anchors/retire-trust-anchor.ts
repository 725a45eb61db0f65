import { Injectable } from '@nestjs/common';
import { RejudgePaths } from '../certificate-paths/rejudge-paths.js';
import { ClientRepository } from '../records/client.repository.js';
import { revokeTokensOf } from '../consequences/revoke-tokens-of.js';
import type { ActiveMutation, MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Operators } from '../operators/operators.js';
import { RegistryError } from '../problems/registry-error.js';
import { lockActiveAnchor } from '../locks/lock-active-anchor.js';
import { showTrustAnchor, type ShownTrustAnchor } from './show-trust-anchors.js';
import { TrustAnchorRepository } from '../records/trust-anchor.repository.js';
import { trustAnchorOutput, type TrustAnchorRetirement } from './trust-anchor.schema.js';

@Injectable()
export class RetireTrustAnchor {
  constructor(
    private readonly mutations: Mutations,
    private readonly anchors: TrustAnchorRepository,
    private readonly clients: ClientRepository,
    private readonly paths: RejudgePaths,
    private readonly operators: Operators,
  ) {}

  /**
   * Final. Clients stay linked to it: one that was bound to an authority does not become free of it, so what only this
   * anchor vouched for is refused from now on.
   */
  retire(id: string, { reason, force }: TrustAnchorRetirement, context: MutationContext): Promise<ShownTrustAnchor> {
    return this.mutations.run(context, async (mutation) => {
      const anchor = await lockActiveAnchor(mutation, this.anchors, id);
      const clientIds = await this.anchors.dependentIds(mutation.transaction, id, mutation.only);
      if (clientIds.length > 0 && force !== true) throw inUse(clientIds.length);
      await this.operators.assertMayChange(mutation, clientIds);
      const before = trustAnchorOutput.parse(anchor);
      const retired = Object.assign(anchor, { status: 'retired' as const, status_reason: reason });
      const saved = await this.anchors.save(mutation.transaction, retired);
      for (const clientId of clientIds) await this.withdraw(mutation, clientId);
      await this.operators.assertStaysOperable(mutation, clientIds);
      const after = trustAnchorOutput.parse(saved);
      mutation.record({ action: 'trust_anchor.retired', targets: [after.id], before, after, reason, clientIds });
      return showTrustAnchor(mutation.transaction, saved, mutation.now);
    });
  }

  private async withdraw(mutation: ActiveMutation, clientId: string): Promise<void> {
    const client = await this.clients.lock(mutation.transaction, clientId);
    await this.paths.of(mutation, client!, 'trust_anchor_retired');
    if (client!.certificate_policy !== 'identity_only') return;
    // whichever certificates it used: they were never registered
    revokeTokensOf(mutation, client!, 'cutoff', 'trust_anchor_retired');
  }
}

function inUse(dependents: number): RegistryError {
  const clients = dependents === 1 ? '1 client depends' : `${dependents} clients depend`;
  return new RegistryError('trust_anchor_in_use', { detail: `${clients} on it. Read its dependents first.` });
}
