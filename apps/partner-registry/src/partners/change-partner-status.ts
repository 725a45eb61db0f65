import { Injectable } from '@nestjs/common';
import { move } from '../records/transition.js';
import type { MutationContext, RevocationMode } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Operators } from '../operators/operators.js';
import { PARTNER_TRANSITIONS, type PartnerAction } from '../records/partner-status.js';
import type { Partner } from '../records/partner.entity.js';
import { PartnerRepository } from '../records/partner.repository.js';
import { partnerOutput } from './partner.schema.js';
import { PartnersForChange } from '../locks/partners-for-change.js';

const EVENTS = {
  activate: 'partner.activated',
  suspend: 'partner.suspended',
  reinstate: 'partner.reinstated',
} as const satisfies Record<PartnerAction, string>;

/** What the guards hear of. A partner that becomes active for the first time had no tokens. */
const REVOCATIONS: Partial<Record<PartnerAction, RevocationMode>> = { suspend: 'off', reinstate: 'on' };

/** Activate, suspend, reinstate: one path for every action, so that none forgets the lock, the rule or the reason. */
@Injectable()
export class ChangePartnerStatus {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: PartnersForChange,
    private readonly partners: PartnerRepository,
    private readonly operators: Operators,
  ) {}

  change(id: string, action: PartnerAction, reason: string, context: MutationContext): Promise<Partner> {
    return this.mutations.run(context, async (mutation) => {
      const { partner, clientIds } = await this.forChange.lockWithClients(mutation, id);
      mutation.assertMatches(partner);
      const before = partnerOutput.parse(partner);
      move(partner, PARTNER_TRANSITIONS, action, reason);
      const saved = await this.partners.save(mutation.transaction, partner);
      if (action === 'suspend') await this.operators.assertStaysOperable(mutation, clientIds);
      const after = partnerOutput.parse(saved);
      mutation.record({ action: EVENTS[action], targets: [after.id], before, after, reason, clientIds });
      const mode = REVOCATIONS[action];
      if (mode) mutation.revoke({ kind: 'partner', subject: { partner_id: after.id }, mode, reason });
      return saved;
    });
  }
}
