import { Injectable } from '@nestjs/common';
import { ChangeClient } from '../clients/change-client.js';
import { ChangeClientStatus } from '../clients/change-client-status.js';
import type { CertificatePolicy } from '../clients/client.entity.js';
import { RetireClient } from '../clients/retire-client.js';
import type { MutationContext } from '../mutations/mutation-context.js';
import { ChangeClientAnchors } from '../trust-anchors/change-client-anchors.js';
import { AFFECTED } from './affected-clients.js';
import { TO_BE_JUDGED } from './certain-effect.js';
import type { ClientImpactQuery } from './impact.schema.js';
import type { PlannedChange } from './planned-change.js';

const REASON = 'what would break';

@Injectable()
export class PlanClientChange {
  constructor(
    private readonly status: ChangeClientStatus,
    private readonly retirement: RetireClient,
    private readonly changes: ChangeClient,
    private readonly anchors: ChangeClientAnchors,
  ) {}

  plan(id: string, query: Pick<ClientImpactQuery, 'change' | 'trust_anchor_id'>): PlannedChange {
    const carryOut = (context: MutationContext): Promise<unknown> => this.carryOut(id, query, context);
    return { id, affected: AFFECTED.itself, effect: TO_BE_JUDGED, carryOut };
  }

  private carryOut(
    id: string,
    { change, trust_anchor_id: anchorId }: Pick<ClientImpactQuery, 'change' | 'trust_anchor_id'>,
    context: MutationContext,
  ): Promise<unknown> {
    if (change === 'suspend') return this.status.change(id, 'suspend', REASON, context);
    if (change === 'retire') return this.retirement.retire(id, REASON, context);
    if (change === 'unlink_trust_anchor') return this.anchors.remove(id, anchorId!, context);
    const policy = change.slice('certificate_policy:'.length) as CertificatePolicy;
    return this.changes.change(id, { certificate_policy: policy }, context);
  }
}
