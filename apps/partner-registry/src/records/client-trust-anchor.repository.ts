import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { TrustAnchor } from './trust-anchor.entity.js';

/** The links between clients and anchors. They are rows without a life of their own: what they said is in the audit. */
@Injectable()
export class ClientTrustAnchorRepository {
  /** Retired ones included: a client that was bound to an authority does not become free of it. */
  anchorsOf(database: EntityManager, clientId: string): Promise<TrustAnchor[]> {
    return database
      .createQueryBuilder(TrustAnchor, 'anchor')
      .innerJoin('client_trust_anchors', 'link', 'link.trust_anchor_id = anchor.id')
      .where('link.client_id = :clientId', { clientId })
      .orderBy('anchor.id', 'ASC')
      .getMany();
  }

  async link(transaction: EntityManager, client: { id: string; partner_id: string }, anchorId: string): Promise<void> {
    await transaction.query(
      `INSERT INTO registry.client_trust_anchors (client_id, trust_anchor_id, partner_id) VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING`,
      [client.id, anchorId, client.partner_id],
    );
  }

  async unlink(transaction: EntityManager, clientId: string, anchorIds: readonly string[]): Promise<void> {
    await transaction.query(
      'DELETE FROM registry.client_trust_anchors WHERE client_id = $1 AND trust_anchor_id = ANY ($2::uuid[])',
      [clientId, anchorIds],
    );
  }
}
