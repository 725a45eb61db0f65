import { Injectable } from '@nestjs/common';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import type { Client } from '../records/client.entity.js';
import { clientOutput } from './client.schema.js';
import { ClientsForChange } from '../locks/clients-for-change.js';
import { revokeTokensOf } from '../consequences/revoke-tokens-of.js';

/** The tokens of a client end; the client goes on, and may ask for new ones at once. */
@Injectable()
export class RevokeClientTokens {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: ClientsForChange,
  ) {}

  /** Of a client in whatever status. */
  revoke(id: string, reason: string, context: MutationContext): Promise<Client> {
    return this.mutations.run(context, async (mutation) => {
      const client = await this.forChange.lock(mutation, id);
      mutation.assertMatches(client);
      const shown = clientOutput.parse(client);
      mutation.record({ action: 'client.tokens_revoked', targets: [shown.id], reason, data: { ...shown, reason } });
      revokeTokensOf(mutation, client, 'cutoff', reason);
      return client;
    });
  }
}
