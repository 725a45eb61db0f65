import { Injectable } from '@nestjs/common';
import { retireClients } from '../consequences/retire-clients.js';
import { move } from '../records/transition.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Operators } from '../operators/operators.js';
import { PARTNER_TRANSITIONS } from '../records/partner-status.js';
import type { Partner } from '../records/partner.entity.js';
import { PartnerRepository } from '../records/partner.repository.js';
import { partnerOutput } from './partner.schema.js';
import { PartnersForChange } from '../locks/partners-for-change.js';

@Injectable()
export class OffboardPartner {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: PartnersForChange,
    private readonly partners: PartnerRepository,
    private readonly operators: Operators,
  ) {}

  /**
   * Final: every client is retired, every certificate revoked, every grant taken back.
   */
  offboard(id: string, reason: string, context: MutationContext): Promise<Partner> {
    return this.mutations.run(context, async (mutation) => {
      const { partner, clientIds } = await this.forChange.lockWithClients(mutation, id);
      mutation.assertMatches(partner);
      const before = partnerOutput.parse(partner);
      move(partner, PARTNER_TRANSITIONS, 'offboard', reason);
      await this.partners.lockClients(mutation.transaction, id, mutation.only);
      const retired = await retireClients(mutation, clientIds, reason);
      const saved = await this.partners.save(mutation.transaction, partner);
      await this.operators.assertStaysOperable(mutation, clientIds);
      const after = partnerOutput.parse(saved);
      const targets = [after.id, ...retired.clients, ...retired.certificates, ...retired.grants];
      mutation.record({
        action: 'partner.offboarded',
        targets,
        before,
        after: { ...after, retired },
        reason,
        clientIds,
      });
      // One record for all of them: every token carries its partner.
      mutation.revoke({ kind: 'partner', subject: { partner_id: after.id }, mode: 'off', reason });
      return saved;
    });
  }
}
