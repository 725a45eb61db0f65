import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CertificateRepository } from '../records/certificate.repository.js';
import type { Client } from '../records/client.entity.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { ClientTrustAnchorRepository } from '../records/client-trust-anchor.repository.js';
import { ApplyAnchorChange } from '../trust-anchors/apply-anchor-change.js';
import { TrustAnchorRepository } from '../records/trust-anchor.repository.js';
import { issuingUnavailable } from '../problems/certificate-request.errors.js';

const HOLD = `
SELECT 1 FROM registry.trust_anchors a WHERE a.id IN (
  SELECT y.trust_anchor_id FROM registry.certificate_authorities y JOIN registry.clients c ON c.environment = y.environment
   WHERE c.id = $1 AND y.status = 'active')
 ORDER BY a.id FOR SHARE OF a`;

/** The root behind an issued certificate, as an anchor of the client it is for. // A14 */
@Injectable()
export class IssuingAnchor {
  constructor(
    private readonly anchors: TrustAnchorRepository,
    private readonly links: ClientTrustAnchorRepository,
    private readonly certificates: CertificateRepository,
    private readonly anchorChange: ApplyAnchorChange,
  ) {}

  /** To be called before the client is locked: anchors before clients, which is the order of retiring an anchor. */
  async hold(transaction: EntityManager, clientId: string): Promise<void> {
    await transaction.query(HOLD, [clientId]);
  }

  /**
   * Lets a locked client chain to it, where that takes nothing away: the client has anchors already, or no certificate
   * that can be used. Otherwise the paths of its certificates stay unjudged, as they were.
   * @throws RegistryError `issuing_unavailable` when the anchor was retired, `identity_taken`
   */
  async link(mutation: ActiveMutation, client: Client, anchorId: string): Promise<void> {
    const { transaction } = mutation;
    const [anchor] = await this.anchors.holdActive(transaction, [anchorId]);
    if (!anchor || (anchor.partner_id !== null && anchor.partner_id !== client.partner_id)) {
      throw issuingUnavailable('The root of the authority is no trust anchor that this client could have.');
    }
    const before = await this.links.anchorsOf(transaction, client.id);
    if (before.some(({ id }) => id === anchorId)) return;
    if (before.length === 0 && (await this.hasUsableCertificate(mutation, client))) return;
    await this.links.link(transaction, client, anchorId);
    await this.anchorChange.apply(mutation, client, before);
  }

  private async hasUsableCertificate({ transaction, now }: ActiveMutation, client: Client): Promise<boolean> {
    const usable = await this.certificates.lockUsableOfClient(transaction, client.id);
    return usable.some(({ not_after }) => not_after >= now);
  }
}
