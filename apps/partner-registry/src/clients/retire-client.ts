import { Injectable } from '@nestjs/common';
import { stateAfter } from '../conventions/transition.js';
import type { MutationContext } from '../mutations/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Operators } from '../operators/operators.js';
import { CLIENT_TRANSITIONS } from './client-status.js';
import type { Client } from './client.entity.js';
import { ClientRepository } from './client.repository.js';
import { clientOutput } from './client.schema.js';
import { ClientsForChange } from './clients-for-change.js';
import { retireClients } from './retire-clients.js';
import { revokeTokensOf } from './revoke-tokens-of.js';

@Injectable()
export class RetireClient {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: ClientsForChange,
    private readonly clients: ClientRepository,
    private readonly operators: Operators,
  ) {}

  /**
   * Final: its certificates are revoked and its grants taken back.
   * @throws RegistryError `not_found`, `operator_scope_required`, `invalid_transition`, `last_operator`,
   * `registry_client_needed`
   */
  retire(id: string, reason: string, context: MutationContext): Promise<Client> {
    return this.mutations.run(context, async (mutation) => {
      const client = await this.forChange.lock(mutation, id);
      mutation.assertMatches(client);
      const before = clientOutput.parse(client);
      stateAfter(CLIENT_TRANSITIONS, 'retire', client.status);
      const { certificates, grants } = await retireClients(mutation, [id], reason);
      await this.operators.assertStaysOperable(mutation, [id]);
      const saved = (await this.clients.find(mutation.transaction, id))!;
      const after = clientOutput.parse(saved);
      const targets = [after.id, ...certificates, ...grants];
      mutation.audit({ action: 'client.retired', targets, before, after: { ...after, certificates, grants }, reason });
      mutation.announce({ type: 'client.retired', data: { ...after, certificates, grants }, clientIds: [id] });
      revokeTokensOf(mutation, client, 'off', reason);
      return saved;
    });
  }
}
