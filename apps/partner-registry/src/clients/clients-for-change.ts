import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { assertMayChangeOperators, type Actor } from '../operators/operator-rules.js';
import { PartnerRepository } from '../partners/partner.repository.js';
import { RegistryError } from '../problems/registry-error.js';
import type { Client } from './client.entity.js';
import { ClientRepository } from './client.repository.js';

/**
 * The only way for a use case to a client it means to change, or to change something that belongs to it: the row is
 * locked, so that changes of one client follow each other, and the operator rule cannot be forgotten.
 */
@Injectable()
export class ClientsForChange {
  constructor(
    private readonly clients: ClientRepository,
    private readonly partners: PartnerRepository,
  ) {}

  /** @throws RegistryError `not_found`, `operator_scope_required` */
  async lock(transaction: EntityManager, id: string, actor: Actor): Promise<Client> {
    const client = await this.clients.lock(transaction, id);
    if (!client) throw RegistryError.notFound();
    if (await this.isOperator(transaction, client, actor.audience)) assertMayChangeOperators(actor);
    return client;
  }

  private async isOperator(transaction: EntityManager, client: Client, registryAudience: string): Promise<boolean> {
    const partner = await this.partners.find(transaction, client.partner_id);
    if (!partner) throw new Error(`client ${client.client_id} has no partner`);
    return partner.is_platform || (await this.clients.holdsGrantFor(transaction, client.id, registryAudience));
  }
}
