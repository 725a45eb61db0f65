import { Injectable } from '@nestjs/common';
import { CertificateRepository } from '../records/certificate.repository.js';
import { cutOffIdentities } from '../consequences/cut-off-identities.js';
import { stateAfter } from '../records/transition.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Operators } from '../operators/operators.js';
import { CLIENT_TRANSITIONS } from '../records/client-status.js';
import type { Client } from '../records/client.entity.js';
import { ClientRepository } from '../records/client.repository.js';
import { clientOutput } from './client.schema.js';
import { ClientsForChange } from '../locks/clients-for-change.js';
import { retireClients } from '../consequences/retire-clients.js';
import { revokeTokensOf } from '../consequences/revoke-tokens-of.js';

@Injectable()
export class RetireClient {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: ClientsForChange,
    private readonly clients: ClientRepository,
    private readonly operators: Operators,
    private readonly certificates: CertificateRepository,
  ) {}

  /**
   * Final: its certificates are revoked and its grants taken back.
   */
  retire(id: string, reason: string, context: MutationContext): Promise<Client> {
    return this.mutations.run(context, async (mutation) => {
      const client = await this.forChange.lock(mutation, id);
      mutation.assertMatches(client);
      const before = clientOutput.parse(client);
      stateAfter(CLIENT_TRANSITIONS, 'retire', client.status);
      const live = await this.certificates.lockLiveOfClient(mutation.transaction, id);
      const { certificates, grants } = await retireClients(mutation, [id], reason);
      const others: string[] = [];
      for (const each of live) others.push(...(await cutOffIdentities(mutation, each, reason)));
      await this.operators.assertStaysOperable(mutation, [id]);
      const saved = (await this.clients.find(mutation.transaction, id))!;
      const after = clientOutput.parse(saved);
      const targets = [after.id, ...certificates, ...grants];
      mutation.record({
        action: 'client.retired',
        targets,
        before,
        after: { ...after, certificates, grants },
        reason,
        clientIds: [id, ...others],
      });
      revokeTokensOf(mutation, client, 'off', reason);
      return saved;
    });
  }
}
