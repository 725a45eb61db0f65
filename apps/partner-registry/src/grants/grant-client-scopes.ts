import { Injectable } from '@nestjs/common';
import type { Client } from '../records/client.entity.js';
import { ClientsForChange } from '../locks/clients-for-change.js';
import { defaultTarget } from '../clients/default-audience.js';
import { targetWarnings, type TargetWarning } from '../clients/target-warnings.js';
import { withinClient } from '../records/within-client.js';
import type { ActiveMutation, MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { assertMayGrant } from '../mutations/words/operator-rules.js';
import { Operators } from '../operators/operators.js';
import { AdoptDefaultResource } from './adopt-default-resource.js';
import type { NamedGrant } from '../records/grant.repository.js';
import { grantsOutput, type NewGrants } from './grant.schema.js';
import { GrantScopes } from './grant-scopes.js';

export interface GrantedScopes {
  readonly items: readonly NamedGrant[];
  readonly default_resource: string | null;
  readonly warnings: readonly TargetWarning[];
}

@Injectable()
export class GrantClientScopes {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: ClientsForChange,
    private readonly granting: GrantScopes,
    private readonly adoption: AdoptDefaultResource,
    private readonly operators: Operators,
  ) {}

  /**
   * Scopes that need approval are requested by it, the others granted. The first grant sets `default_resource`, and whatever
   * alters what a token request without `resource` gets is warned of. // A46
   */
  grant(clientId: string, request: NewGrants, context: MutationContext): Promise<GrantedScopes> {
    return this.mutations.run(context, async (mutation) => {
      const { transaction, actor, now } = mutation;
      const client = await this.forChange.lockLive(mutation, clientId);
      mutation.assertMatches(client);
      assertMayGrant(actor, request.audience, request.scopes);
      const target = await defaultTarget(transaction, client.id, now);
      const items = await this.granting.grant(transaction, client, request, actor.clientId, now);
      await this.adoption.adopt(mutation, client, request.audience, request.set_default_resource);
      await this.operators.assertStaysOperable(mutation, [clientId]);
      const after = grantsOutput.parse({ items });
      const targets = [client.client_id, ...after.items.map(({ id }) => id)];
      mutation.record({ action: 'grant.granted', targets, after, clientIds: [clientId] });
      for (const grant of items) recordEnd(mutation, client, grant);
      const warnings = targetWarnings(target, await defaultTarget(transaction, client.id, now));
      return { items, default_resource: client.default_resource, warnings };
    });
  }
}

// A new end in the past takes the scope away; taking that back brings it back. A grant of version 1 had no tokens.
function recordEnd(mutation: ActiveMutation, client: Client, grant: NamedGrant): void {
  if (grant.status !== 'active') return;
  const ended = grant.valid_until !== null && grant.valid_until <= mutation.now;
  if (!ended && grant.version === 1) return;
  const { audience, scope } = grant;
  const subject = { client_id: client.client_id, audience, scope };
  const mode = ended ? 'off' : 'on';
  mutation.revoke({ kind: 'grant', subject, within: withinClient(client), mode, reason: 'valid_until' });
}
