import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { showIdentifier } from '../identifiers/identifier.js';
import type {
  ActiveMutation,
  MutationContext,
  Rehearsal,
  RevocationEntry,
} from '../mutations/words/mutation-context.js';
import type { Actor } from '../mutations/words/operator-rules.js';
import { REGISTRY_SCOPES } from '../http/registry-scopes.js';
import { clientFacts, type ClientFacts } from './client-facts.js';
import { clientStates, type ClientState } from './client-states.js';
import { effectBetween, lostCertificates, type ClientImpact, type TokenFate } from './impact.js';
import type { PlannedChange } from './planned-change.js';

/** Who wants to know. */
export interface Asker {
  readonly actor: Actor;
  readonly requestId: string;
}

/** Makes a change, looks at what became of some clients, and undoes it: the rules are those of the change itself. */
@Injectable()
export class RehearseChange {
  /**
   * @param clientIds uuids of those to look at
   */
  async of(plan: PlannedChange, clientIds: readonly string[], asker: Asker): Promise<ClientImpact[]> {
    const look = new Look(plan, clientIds);
    await plan.carryOut(rehearsalContext(look, asker));
    return look.impacts();
  }
}

/** What was seen before and after. */
class Look implements Rehearsal {
  private facts: ClientFacts[] = [];
  private earlier = new Map<string, ClientState>();
  private later = new Map<string, ClientState>();
  private revoked: readonly RevocationEntry[] = [];

  constructor(
    private readonly plan: PlannedChange,
    readonly clientIds: readonly string[],
  ) {}

  async before(transaction: EntityManager, now: Date): Promise<void> {
    this.facts = await clientFacts(transaction, this.clientIds, now);
    this.earlier = await clientStates(transaction, this.clientIds, now);
  }

  async after(mutation: ActiveMutation, revoked: readonly RevocationEntry[]): Promise<void> {
    await this.plan.settle?.(mutation, this.clientIds);
    this.later = await clientStates(mutation.transaction, this.clientIds, mutation.now);
    this.revoked = revoked;
  }

  impacts(): ClientImpact[] {
    return this.facts.map((client) => {
      const [before, after] = [this.earlier.get(client.client_id)!, this.later.get(client.client_id)!];
      return {
        ...client,
        effect: effectBetween(before, after),
        lost_certificates: lostCertificates(before, after),
        usable_certificates: after.certificates.length,
        usable_trust_anchors: after.usable_trust_anchors,
        default_audience: before.default_audience,
        default_audience_afterwards: after.default_audience,
        tokens: tokensOf(client, this.revoked),
      };
    });
  }
}

function tokensOf({ client_id: id, partner_id }: ClientFacts, revoked: readonly RevocationEntry[]): TokenFate {
  const [client, partner] = [showIdentifier('cli', id), showIdentifier('ptn', partner_id)];
  const fates = revoked
    .filter(({ mode }) => mode !== 'on')
    .map((entry): TokenFate => {
      if (entry.kind === 'partner') return entry.subject.partner_id === partner ? 'refused' : 'kept';
      if (entry.kind === 'client') return entry.subject.client_id === client ? 'refused' : 'kept';
      if (entry.kind === 'certificate') return entry.within.client_id === client ? 'refused_if_bound_to_lost' : 'kept';
      return 'kept';
    });
  return fates.includes('refused') ? 'refused' : (fates.find((fate) => fate !== 'kept') ?? 'kept');
}

function rehearsalContext(rehearsal: Rehearsal, { actor, requestId }: Asker): MutationContext {
  return {
    actor: { ...actor, scopes: REGISTRY_SCOPES.map(({ name }) => name) },
    requestId,
    dryRun: true,
    ifMatch: 'any',
    ifMatchRequired: true,
    idempotency: undefined,
    rehearsal,
    answerOf: (result) => Promise.resolve(result),
    revoked: () => undefined,
  };
}
