import { Injectable } from '@nestjs/common';
import type { ActiveMutation, MutationContext } from '../mutations/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Operators } from '../operators/operators.js';
import { RegistryError } from '../problems/registry-error.js';
import { SettleRevocationRules } from './settle-revocation-rules.js';
import { showTrustAnchor, type ShownTrustAnchor } from './show-trust-anchors.js';
import type { TrustAnchor } from './trust-anchor.entity.js';
import { TrustAnchorRepository } from './trust-anchor.repository.js';
import { trustAnchorOutput, type TrustAnchorPatch } from './trust-anchor.schema.js';

@Injectable()
export class ChangeTrustAnchor {
  constructor(
    private readonly mutations: Mutations,
    private readonly anchors: TrustAnchorRepository,
    private readonly operators: Operators,
    private readonly rules: SettleRevocationRules,
  ) {}

  /**
   * @throws RegistryError `not_found`, `operator_scope_required`, `invalid_transition` when it is retired,
   * `last_operator`, `registry_client_needed`
   */
  change(id: string, patch: TrustAnchorPatch, context: MutationContext): Promise<ShownTrustAnchor> {
    return this.mutations.run(context, async (mutation) => {
      const anchor = await lockActive(mutation, this.anchors, id);
      const clientIds = await this.anchors.dependentIds(mutation.transaction, id, mutation.only);
      await this.operators.assertMayChange(mutation, clientIds);
      const before = trustAnchorOutput.parse(anchor);
      const saved = await this.anchors.save(mutation.transaction, Object.assign(anchor, patch));
      await this.rules.settle(mutation, saved, before, clientIds);
      await this.operators.assertStaysOperable(mutation, clientIds);
      const after = trustAnchorOutput.parse(saved);
      mutation.audit({ action: 'trust_anchor.changed', targets: [after.id], before, after });
      mutation.announce({ type: 'trust_anchor.changed', data: after, clientIds });
      return showTrustAnchor(mutation.transaction, saved, mutation.now);
    });
  }
}

/** @throws RegistryError `not_found`, `invalid_transition`, `precondition_required`, `precondition_failed` */
export async function lockActive(
  mutation: ActiveMutation,
  anchors: TrustAnchorRepository,
  id: string,
): Promise<TrustAnchor> {
  const anchor = await anchors.lock(mutation.transaction, id);
  if (!anchor) throw RegistryError.notFound();
  mutation.assertMatches(anchor);
  if (anchor.status === 'active') return anchor;
  throw new RegistryError('invalid_transition', { detail: 'The trust anchor is retired, which is final.' });
}
