import { Injectable } from '@nestjs/common';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { Operators } from '../operators/operators.js';
import { RegistryError } from '../problems/registry-error.js';
import type { Client } from '../records/client.entity.js';
import { ClientRepository } from '../records/client.repository.js';

/**
 * The only way for a use case to a client it means to change, or to change something that belongs to it: the row is
 * locked, so that changes of one client follow each other, and the operator rules cannot be forgotten.
 */
@Injectable()
export class ClientsForChange {
  constructor(
    private readonly clients: ClientRepository,
    private readonly operators: Operators,
  ) {}

  /** @throws RegistryError `not_found`, `operator_scope_required` */
  async lock(mutation: ActiveMutation, id: string): Promise<Client> {
    const client = await this.clients.lock(mutation.transaction, id);
    if (!client) throw RegistryError.notFound();
    await this.operators.assertMayChange(mutation, [id]);
    return client;
  }

  /** For whatever adds to a client. @throws RegistryError `not_found`, `operator_scope_required`, `client_retired` */
  async lockLive(mutation: ActiveMutation, id: string): Promise<Client> {
    const client = await this.lock(mutation, id);
    if (client.status !== 'retired') return client;
    throw new RegistryError('client_retired', { detail: 'The client is retired, which is final.' });
  }

  /**
   * For whatever decides who can act as this client: its certificates, keys, subject value and anchors.
   * @throws RegistryError `not_found`, `operator_scope_required`, `client_retired`, `scope_not_held`
   */
  async lockForCredentials(mutation: ActiveMutation, id: string): Promise<Client> {
    const client = await this.lockLive(mutation, id);
    await this.operators.assertHoldsScopesOf(mutation, id);
    return client;
  }
}
