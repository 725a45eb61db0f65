import { Injectable } from '@nestjs/common';
import type { Client } from '../clients/client.entity.js';
import { ClientsForChange } from '../clients/clients-for-change.js';
import { withinClient } from '../clients/within-client.js';
import type { ActiveMutation, MutationContext } from '../mutations/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { assertMayGrant } from '../operators/operator-rules.js';
import { Operators } from '../operators/operators.js';
import type { NamedGrant } from './grant.repository.js';
import { grantsOutput, type NewGrants } from './grant.schema.js';
import { GrantScopes } from './grant-scopes.js';

@Injectable()
export class GrantClientScopes {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: ClientsForChange,
    private readonly granting: GrantScopes,
    private readonly operators: Operators,
  ) {}

  /**
   * Scopes that need approval are requested by it, the others granted.
   * @throws RegistryError `not_found`, `client_retired`, `operator_scope_required`, `scope_not_held`, `last_operator`,
   * `registry_client_needed`, and whatever `GrantScopes` refuses
   */
  grant(clientId: string, request: NewGrants, context: MutationContext): Promise<{ items: NamedGrant[] }> {
    return this.mutations.run(context, async (mutation) => {
      const { transaction, actor, now } = mutation;
      const client = await this.forChange.lockLive(mutation, clientId);
      mutation.assertMatches(client);
      assertMayGrant(actor, request.audience, request.scopes);
      const items = await this.granting.grant(transaction, client, request, actor.clientId, now);
      await this.operators.assertStaysOperable(mutation, [clientId]);
      const after = grantsOutput.parse({ items });
      const targets = [client.client_id, ...after.items.map(({ id }) => id)];
      mutation.audit({ action: 'grant.granted', targets, after });
      mutation.announce({ type: 'grant.granted', data: after, clientIds: [clientId] });
      for (const grant of items) recordEnd(mutation, client, grant);
      return { items };
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
