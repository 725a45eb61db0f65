import { Injectable } from '@nestjs/common';
import { RejudgePaths } from '../certificate-paths/rejudge-paths.js';
import { ClientRepository } from '../records/client.repository.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { Operators } from '../operators/operators.js';
import { HeldCrlRepository } from '../records/held-crl.repository.js';
import { CRL_MODES, type CrlMode, type TrustAnchor } from '../records/trust-anchor.entity.js';
import { TrustAnchorRepository } from '../records/trust-anchor.repository.js';

/** What follows when the mode of a locked anchor, or the places of its lists, changed. */
@Injectable()
export class SettleRevocationRules {
  constructor(
    private readonly anchors: TrustAnchorRepository,
    private readonly lists: HeldCrlRepository,
    private readonly clients: ClientRepository,
    private readonly paths: RejudgePaths,
    private readonly operators: Operators,
  ) {}

  /**
   * Clients are judged anew soon after, one by one. At once only those that a rule depends on before the change is made:
   * who operates the registry, and whom a rehearsal is about.
   * @param before what the anchor said until now
   * @param clientIds of its dependents
   */
  async settle(
    mutation: ActiveMutation,
    anchor: TrustAnchor,
    before: { readonly crl_mode: CrlMode; readonly crl_uris: readonly string[] },
    clientIds: readonly string[],
  ): Promise<void> {
    const { transaction } = mutation;
    const moved = before.crl_uris.join(' ') !== anchor.crl_uris.join(' ');
    if (moved) await this.lists.setPlaces(transaction, anchor.id, anchor.crl_uris);
    if (!moved && before.crl_mode === anchor.crl_mode) return;
    await this.anchors.raiseCrlGeneration(transaction, anchor.id, isStricter(anchor.crl_mode, before.crl_mode));
    const atOnce = mutation.only ?? (await this.operators.among(mutation, clientIds));
    for (const id of clientIds.filter((clientId) => atOnce.includes(clientId))) {
      const client = await this.clients.lock(transaction, id);
      await this.paths.of(mutation, client!, 'crl_mode_changed');
    }
  }
}

// in the order of `CRL_MODES`: the strictest first
function isStricter(mode: CrlMode, than: CrlMode): boolean {
  return CRL_MODES.indexOf(mode) < CRL_MODES.indexOf(than);
}
