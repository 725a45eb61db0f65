import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { violatedConstraint } from '../records/violated-constraint.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { RegistryError } from '../problems/registry-error.js';
import { Partner } from '../records/partner.entity.js';
import { PartnerRepository } from '../records/partner.repository.js';
import { partnerOutput, type NewPartner } from './partner.schema.js';

@Injectable()
export class CreatePartner {
  constructor(
    private readonly mutations: Mutations,
    private readonly partners: PartnerRepository,
  ) {}

  create(request: NewPartner, context: MutationContext): Promise<Partner> {
    return this.mutations.run(context, async (mutation) => {
      const { transaction } = mutation;
      const partner = await this.save(transaction, transaction.create(Partner, request));
      const after = partnerOutput.parse(partner);
      mutation.record({ action: 'partner.created', targets: [after.id], after });
      return partner;
    });
  }

  private async save(transaction: EntityManager, partner: Partner): Promise<Partner> {
    try {
      return await this.partners.save(transaction, partner);
    } catch (error) {
      if (violatedConstraint(error) !== 'partners_slug_key') throw error;
      throw RegistryError.ofField('slug_taken', '/slug', 'Another partner has this slug.');
    }
  }
}
