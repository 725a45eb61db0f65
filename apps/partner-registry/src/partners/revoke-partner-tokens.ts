import { Injectable } from '@nestjs/common';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import type { Partner } from '../records/partner.entity.js';
import { partnerOutput } from './partner.schema.js';
import { PartnersForChange } from '../locks/partners-for-change.js';

/** The tokens of all clients of a partner end; the partner goes on, and its clients may ask for new ones at once. */
@Injectable()
export class RevokePartnerTokens {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: PartnersForChange,
  ) {}

  /** Of a partner in whatever status. */
  revoke(id: string, reason: string, context: MutationContext): Promise<Partner> {
    return this.mutations.run(context, async (mutation) => {
      const { partner } = await this.forChange.lockWithClients(mutation, id);
      mutation.assertMatches(partner);
      const shown = partnerOutput.parse(partner);
      mutation.record({ action: 'partner.tokens_revoked', targets: [shown.id], reason, data: { ...shown, reason } });
      mutation.revoke({ kind: 'partner', subject: { partner_id: shown.id }, mode: 'cutoff', reason });
      return partner;
    });
  }
}
