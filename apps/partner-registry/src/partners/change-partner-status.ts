import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { stateAfter } from '../conventions/transition.js';
import { assertMayChangeOperators, type Actor } from '../operators/operator-rules.js';
import { RegistryError } from '../problems/registry-error.js';
import { PARTNER_TRANSITIONS, type PartnerAction } from './partner-status.js';
import type { Partner } from './partner.entity.js';
import { PartnerRepository } from './partner.repository.js';

/** Activate, suspend, reinstate: one path for every action, so that none forgets the lock, the rule or the reason. */
@Injectable()
export class ChangePartnerStatus {
  constructor(
    private readonly database: DataSource,
    private readonly partners: PartnerRepository,
  ) {}

  /** @throws RegistryError `not_found`, `operator_scope_required`, `invalid_transition` */
  change(id: string, action: PartnerAction, reason: string, actor: Actor): Promise<Partner> {
    return this.database.transaction(async (transaction) => {
      const partner = await this.partners.lock(transaction, id);
      if (!partner) throw RegistryError.notFound();
      if (partner.is_platform) assertMayChangeOperators(actor);
      partner.status = stateAfter(PARTNER_TRANSITIONS, action, partner.status);
      partner.status_reason = reason;
      return this.partners.save(transaction, partner);
    });
  }
}
