import { Injectable } from '@nestjs/common';
import type { Client } from '../clients/client.entity.js';
import { ClientsForChange } from '../clients/clients-for-change.js';
import { withinClient } from '../clients/within-client.js';
import { stateAfter } from '../conventions/transition.js';
import type { ActiveMutation, MutationContext, RevocationMode } from '../mutations/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { assertAnother, assertMayGrant } from '../operators/operator-rules.js';
import { Operators } from '../operators/operators.js';
import { RegistryError } from '../problems/registry-error.js';
import { GRANT_TRANSITIONS, type GrantAction } from './grant-status.js';
import { GrantRepository, type NamedGrant } from './grant.repository.js';
import { grantOutput } from './grant.schema.js';

const EVENTS = {
  approve: 'grant.approved',
  reject: 'grant.rejected',
  revoke: 'grant.revoked',
} as const satisfies Record<GrantAction, string>;

/** What the guards hear of. What was only asked for had no tokens, unless it was in force before. */
const REVOCATIONS: Partial<Record<GrantAction, RevocationMode>> = { approve: 'on', revoke: 'off' };

/** Approve, reject, revoke: one path for every decision about a grant that is there. */
@Injectable()
export class DecideGrant {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: ClientsForChange,
    private readonly grants: GrantRepository,
    private readonly operators: Operators,
  ) {}

  /**
   * @throws RegistryError `not_found`, `operator_scope_required`, `scope_not_held`, `own_request`, `invalid_transition`,
   * `client_retired`, `last_operator`, `registry_client_needed`
   */
  decide(id: string, action: GrantAction, reason: string, context: MutationContext): Promise<NamedGrant> {
    return this.mutations.run(context, async (mutation) => {
      const { client, grant } = await this.lock(mutation, id);
      const before = grantOutput.parse(grant);
      grant.status = stateAfter(GRANT_TRANSITIONS, action, grant.status);
      if (action !== 'revoke') this.assertMayDecide(mutation, grant, before.client_id);
      grant.status_reason = reason;
      await this.grants.save(mutation.transaction, [grant]);
      await this.operators.assertStaysOperable(mutation, [grant.client_id]);
      const after = grantOutput.parse(grant);
      const { client_id, audience, scope } = after;
      mutation.audit({ action: EVENTS[action], targets: [after.id, client_id], before, after, reason });
      mutation.announce({ type: EVENTS[action], data: after, clientIds: [grant.client_id] });
      const mode = REVOCATIONS[action];
      const subject = { client_id, audience, scope };
      if (mode) mutation.revoke({ kind: 'grant', subject, within: withinClient(client), mode, reason });
      return grant;
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
