import { Injectable } from '@nestjs/common';
import { ChangePartnerStatus } from '../partners/change-partner-status.js';
import { OffboardPartner } from '../partners/offboard-partner.js';
import { AFFECTED } from './affected-clients.js';
import { RETIRED, SUSPENDED } from './certain-effect.js';
import type { PartnerImpactQuery } from './impact.schema.js';
import type { PlannedChange } from './planned-change.js';

const REASON = 'what would break';

@Injectable()
export class PlanPartnerChange {
  constructor(
    private readonly status: ChangePartnerStatus,
    private readonly offboarding: OffboardPartner,
  ) {}

  plan(id: string, change: PartnerImpactQuery['change']): PlannedChange {
    const affected = AFFECTED.ofPartner;
    if (change === 'suspend') {
      return {
        id,
        affected,
        effect: SUSPENDED,
        carryOut: (context) => this.status.change(id, 'suspend', REASON, context),
      };
    }
    return {
      id,
      affected,
      effect: RETIRED,
      carryOut: (context) => this.offboarding.offboard(id, REASON, context),
    };
  }
}
