import { Injectable } from '@nestjs/common';
import type { Client } from '../records/client.entity.js';
import { ClientRepository } from '../records/client.repository.js';
import { clientOutput } from '../clients/client.schema.js';
import { defaultTarget } from '../clients/default-audience.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';

/** The first API that a client is granted is the one that it means when it names none. // A46 */
@Injectable()
export class AdoptDefaultResource {
  constructor(private readonly clients: ClientRepository) {}

  /**
   * Call it once the grants are saved: a later grant for another API then takes nothing from a client that names no
   * resource.
   * @param client locked
   * @param wish undefined: only where the client has no default, and is granted this audience alone
   */
  async adopt(mutation: ActiveMutation, client: Client, audience: string, wish: boolean | undefined): Promise<void> {
    const { transaction, now } = mutation;
    if (client.default_resource === audience || wish === false) return;
    if (wish === undefined) {
      const { audience: only } = await defaultTarget(transaction, client.id, now);
      if (client.default_resource !== null || only !== audience) return;
    }
    const before = clientOutput.parse(client);
    const saved = await this.clients.save(transaction, Object.assign(client, { default_resource: audience }));
    const after = clientOutput.parse(saved);
    mutation.record({ action: 'client.changed', targets: [after.id], before, after, clientIds: [client.id] });
  }
}
