import { Injectable } from '@nestjs/common';
import type { Client } from '../records/client.entity.js';
import { ClientsForChange } from '../locks/clients-for-change.js';
import { defaultTarget } from '../clients/default-audience.js';
import { targetWarnings, type TargetWarning } from '../clients/target-warnings.js';
import { withinClient } from '../records/within-client.js';
import { move } from '../records/transition.js';
import type { ActiveMutation, MutationContext, RevocationMode } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { assertAnother, assertMayGrant } from '../mutations/words/operator-rules.js';
import { Operators } from '../operators/operators.js';
import { RegistryError } from '../problems/registry-error.js';
import { AdoptDefaultResource } from './adopt-default-resource.js';
import { GRANT_TRANSITIONS, type GrantAction } from '../records/grant-status.js';
import { GrantRepository, type NamedGrant } from '../records/grant.repository.js';
import { grantOutput } from './grant.schema.js';

const EVENTS = {
  approve: 'grant.approved',
  reject: 'grant.rejected',
  revoke: 'grant.revoked',
} as const satisfies Record<GrantAction, string>;

/** What the guards hear of. What was only asked for had no tokens, unless it was in force before. */
const REVOCATIONS: Partial<Record<GrantAction, RevocationMode>> = { approve: 'on', revoke: 'off' };

export type DecidedGrant = NamedGrant & {
  readonly default_resource: string | null;
  readonly warnings: readonly TargetWarning[];
};

/** Approve, reject, revoke: one path for every decision about a grant that is there. */
@Injectable()
export class DecideGrant {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: ClientsForChange,
    private readonly grants: GrantRepository,
    private readonly adoption: AdoptDefaultResource,
    private readonly operators: Operators,
  ) {}

  /**
   * Warns when a token request without `resource` gets something else afterwards. // A46
   */
  decide(id: string, action: GrantAction, reason: string, context: MutationContext): Promise<DecidedGrant> {
    return this.mutations.run(context, async (mutation) => {
      const { client, grant } = await this.lock(mutation, id);
      const target = await defaultTarget(mutation.transaction, client.id, mutation.now);
      const before = grantOutput.parse(grant);
      move(grant, GRANT_TRANSITIONS, action, reason);
      if (action !== 'revoke') this.assertMayDecide(mutation, grant, before.client_id);
      await this.grants.save(mutation.transaction, [grant]);
      if (action === 'approve') await this.adoption.adopt(mutation, client, grant.audience, undefined);
      await this.operators.assertStaysOperable(mutation, [grant.client_id]);
      const after = grantOutput.parse(grant);
      const { client_id, audience, scope } = after;
      mutation.record({
        action: EVENTS[action],
        targets: [after.id, client_id],
        before,
        after,
        reason,
        clientIds: [grant.client_id],
      });
      const mode = REVOCATIONS[action];
      const subject = { client_id, audience, scope };
      if (mode) mutation.revoke({ kind: 'grant', subject, within: withinClient(client), mode, reason });
      const warnings = targetWarnings(target, await defaultTarget(mutation.transaction, client.id, mutation.now));
      return Object.assign(grant, { default_resource: client.default_resource, warnings });
    });
  }

  private async lock(mutation: ActiveMutation, id: string): Promise<{ client: Client; grant: NamedGrant }> {
    const found = await this.grants.find(mutation.transaction, id);
    if (!found) throw RegistryError.notFound();
    // The client is what serializes everything about its grants.
    const client = await this.forChange.lockLive(mutation, found.client_id);
    const grant = (await this.grants.find(mutation.transaction, id))!;
    mutation.assertMatches(grant);
    return { client, grant };
  }

  // Four eyes, neither of them those of the one who would profit.
  private assertMayDecide({ actor }: ActiveMutation, grant: NamedGrant, beneficiary: string): void {
    assertAnother(actor, grant.requested_by);
    assertAnother(actor, beneficiary);
    assertMayGrant(actor, grant.audience, [grant.scope]);
    grant.decided_by = actor.clientId;
  }
}
