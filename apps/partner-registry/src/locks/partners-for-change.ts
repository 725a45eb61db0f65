import { Injectable } from '@nestjs/common';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { assertMayChangeOperators } from '../mutations/words/operator-rules.js';
import { Operators } from '../operators/operators.js';
import { RegistryError } from '../problems/registry-error.js';
import type { Partner } from '../records/partner.entity.js';
import { PartnerRepository } from '../records/partner.repository.js';

/**
 * The only way for a use case to a partner it means to change, or to change something that belongs to it: the row is
 * locked, so that changes of one partner follow each other, and the operator rule cannot be forgotten.
 */
@Injectable()
export class PartnersForChange {
  constructor(
    private readonly partners: PartnerRepository,
    private readonly operators: Operators,
  ) {}

  /** @throws RegistryError `not_found`, `operator_scope_required` */
  async lock(mutation: ActiveMutation, id: string): Promise<Partner> {
    const partner = await this.partners.lock(mutation.transaction, id);
    if (!partner) throw RegistryError.notFound();
    if (partner.is_platform) assertMayChangeOperators(mutation.actor);
    return partner;
  }

  /**
   * The same, with all its clients, for what concerns them too.
   * @throws RegistryError `not_found`, `operator_scope_required`
   */
  async lockWithClients(mutation: ActiveMutation, id: string): Promise<{ partner: Partner; clientIds: string[] }> {
    const partner = await this.lock(mutation, id);
    const clientIds = await this.partners.clientIdsOf(mutation.transaction, id, mutation.only);
    await this.operators.assertMayChange(mutation, clientIds);
    return { partner, clientIds };
  }
}
