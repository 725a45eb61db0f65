import { Injectable } from '@nestjs/common';
import { ChangeClient } from '../clients/change-client.js';
import { ChangeClientStatus } from '../clients/change-client-status.js';
import type { CertificatePolicy } from '../records/client.entity.js';
import { RetireClient } from '../clients/retire-client.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { DecideGrant } from '../grants/decide-grant.js';
import { ChangeClientAnchors } from '../trust-anchors/change-client-anchors.js';
import { AFFECTED } from './affected-clients.js';
import { TO_BE_JUDGED } from './certain-effect.js';
import type { ClientImpactQuery, GrantImpactQuery } from './impact.schema.js';
import type { PlannedChange } from './planned-change.js';

const REASON = 'what would break';

type ClientChange = Pick<ClientImpactQuery, 'change' | 'trust_anchor_id' | 'default_resource'>;

@Injectable()
export class PlanClientChange {
  constructor(
    private readonly status: ChangeClientStatus,
    private readonly retirement: RetireClient,
    private readonly changes: ChangeClient,
    private readonly anchors: ChangeClientAnchors,
    private readonly grants: DecideGrant,
  ) {}

  plan(id: string, query: ClientChange): PlannedChange {
    const carryOut = (context: MutationContext): Promise<unknown> => this.carryOut(id, query, context);
    return { id, affected: AFFECTED.itself, effect: TO_BE_JUDGED, carryOut };
  }

  /** @param id of the grant */
  planGrant(id: string, change: GrantImpactQuery['change']): PlannedChange {
    const carryOut = (context: MutationContext): Promise<unknown> => this.grants.decide(id, change, REASON, context);
    return { id, affected: AFFECTED.ofGrant, effect: TO_BE_JUDGED, carryOut };
  }

  private carryOut(
    id: string,
    { change, trust_anchor_id: anchorId, default_resource: resource }: ClientChange,
    context: MutationContext,
  ): Promise<unknown> {
    if (change === 'suspend') return this.status.change(id, 'suspend', REASON, context);
    if (change === 'retire') return this.retirement.retire(id, REASON, context);
    if (change === 'unlink_trust_anchor') return this.anchors.remove(id, anchorId!, context);
    if (change === 'default_resource') {
      return this.changes.change(id, { default_resource: resource ?? null }, context);
    }
    const policy = change.slice('certificate_policy:'.length) as CertificatePolicy;
    return this.changes.change(id, { certificate_policy: policy }, context);
  }
}
