import { Injectable } from '@nestjs/common';
import { RejudgePaths } from '../certificate-paths/rejudge-paths.js';
import { ClientRepository } from '../records/client.repository.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { ChangeTrustAnchor } from '../trust-anchors/change-trust-anchor.js';
import { RetireTrustAnchor } from '../trust-anchors/retire-trust-anchor.js';
import type { CrlMode } from '../records/trust-anchor.entity.js';
import { AFFECTED } from './affected-clients.js';
import { TO_BE_JUDGED, WITHOUT_ANCHOR, WITHOUT_LISTS } from './certain-effect.js';
import type { AnchorImpactQuery } from './impact.schema.js';
import type { PlannedChange } from './planned-change.js';

const REASON = 'what would break';

@Injectable()
export class PlanAnchorChange {
  constructor(
    private readonly retirement: RetireTrustAnchor,
    private readonly changes: ChangeTrustAnchor,
    private readonly clients: ClientRepository,
    private readonly paths: RejudgePaths,
  ) {}

  plan(id: string, change: AnchorImpactQuery['change']): PlannedChange {
    const affected = AFFECTED.ofAnchor;
    if (change === 'retire') {
      const retirement = { reason: REASON, force: true };
      return {
        id,
        affected,
        effect: WITHOUT_ANCHOR,
        carryOut: (context) => this.retirement.retire(id, retirement, context),
      };
    }
    const patch = { crl_mode: change.slice('crl_mode:'.length) as CrlMode };
    return {
      id,
      affected,
      effect: patch.crl_mode === 'require' ? WITHOUT_LISTS : TO_BE_JUDGED,
      carryOut: (context) => this.changes.change(id, patch, context),
      settle: (mutation, clientIds) => this.rejudge(mutation, clientIds),
    };
  }

  private async rejudge(mutation: ActiveMutation, clientIds: readonly string[]): Promise<void> {
    for (const clientId of clientIds) {
      const client = await this.clients.lock(mutation.transaction, clientId);
      await this.paths.of(mutation, client!, REASON);
    }
  }
}
