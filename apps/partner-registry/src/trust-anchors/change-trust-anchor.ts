import { Injectable } from '@nestjs/common';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Operators } from '../operators/operators.js';
import { SettleRevocationRules } from './settle-revocation-rules.js';
import { showTrustAnchor, type ShownTrustAnchor } from './show-trust-anchors.js';
import { TrustAnchorRepository } from '../records/trust-anchor.repository.js';
import { trustAnchorOutput, type TrustAnchorPatch } from './trust-anchor.schema.js';
import { lockActiveAnchor } from '../locks/lock-active-anchor.js';

@Injectable()
export class ChangeTrustAnchor {
  constructor(
    private readonly mutations: Mutations,
    private readonly anchors: TrustAnchorRepository,
    private readonly operators: Operators,
    private readonly rules: SettleRevocationRules,
  ) {}

  change(id: string, patch: TrustAnchorPatch, context: MutationContext): Promise<ShownTrustAnchor> {
    return this.mutations.run(context, async (mutation) => {
      const anchor = await lockActiveAnchor(mutation, this.anchors, id);
      const clientIds = await this.anchors.dependentIds(mutation.transaction, id, mutation.only);
      await this.operators.assertMayChange(mutation, clientIds);
      const before = trustAnchorOutput.parse(anchor);
      const saved = await this.anchors.save(mutation.transaction, Object.assign(anchor, patch));
      await this.rules.settle(mutation, saved, before, clientIds);
      await this.operators.assertStaysOperable(mutation, clientIds);
      const after = trustAnchorOutput.parse(saved);
      mutation.record({ action: 'trust_anchor.changed', targets: [after.id], before, after, clientIds });
      return showTrustAnchor(mutation.transaction, saved, mutation.now);
    });
  }
}
