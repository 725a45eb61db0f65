import { Injectable } from '@nestjs/common';
import { In, MoreThan, type EntityManager } from 'typeorm';
import type { Client } from './client.entity.js';
import type { PageRequest } from '../http/page.js';
import { TrustAnchor } from './trust-anchor.entity.js';

/** Absent: not asked about. */
export type TrustAnchorFilters = Partial<Pick<TrustAnchor, 'status' | 'spki_sha256'>> & { partner_id?: string };

/** A client that may chain to an anchor, and what hangs on that. */
export type Dependent = Pick<Client, 'id' | 'partner_id' | 'client_name' | 'status' | 'certificate_policy'> & {
  client_id: string;
  certificates: number;
  other_anchors: number;
};

const DEPENDENTS = `
SELECT c.id, c.id AS client_id, c.partner_id, c.client_name, c.status, c.certificate_policy,
  (SELECT count(*)::int FROM registry.certificates t WHERE t.client_id = c.id AND t.path_trust_anchor_id = $1
    AND t.status = 'active') AS certificates,
  (SELECT count(*)::int FROM registry.client_trust_anchors o JOIN registry.trust_anchors a ON a.id = o.trust_anchor_id
    WHERE o.client_id = c.id AND a.id <> $1 AND a.status = 'active') AS other_anchors
 FROM registry.client_trust_anchors l JOIN registry.clients c ON c.id = l.client_id
WHERE l.trust_anchor_id = $1 AND c.status <> 'retired' AND ($2::uuid IS NULL OR l.client_id > $2)
ORDER BY l.client_id LIMIT $3`;

@Injectable()
export class TrustAnchorRepository {
  find(database: EntityManager, id: string): Promise<TrustAnchor | null> {
    return database.findOneBy(TrustAnchor, { id });
  }

  /** The anchor, locked until the transaction ends; not against those who only refer to it. */
  lock(transaction: EntityManager, id: string): Promise<TrustAnchor | null> {
    return transaction.findOne(TrustAnchor, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  /** The active ones among these as they will stay until the transaction ends: none is retired meanwhile. */
  holdActive(transaction: EntityManager, ids: readonly string[]): Promise<TrustAnchor[]> {
    const where = { id: In([...ids]), status: 'active' as const };
    return transaction.find(TrustAnchor, { where, order: { id: 'ASC' }, lock: { mode: 'pessimistic_read' } });
  }

  /** One row more than the page holds. */
  list(database: EntityManager, page: PageRequest, filters: TrustAnchorFilters): Promise<TrustAnchor[]> {
    const where = { ...filters, ...(page.after === undefined ? {} : { id: MoreThan(page.after) }) };
    return database.find(TrustAnchor, { where, order: { id: 'ASC' }, take: page.limit + 1 });
  }

  /** One row more than the page holds. */
  dependents(database: EntityManager, id: string, page: PageRequest): Promise<Dependent[]> {
    return database.query<Dependent[]>(DEPENDENTS, [id, page.after ?? null, page.limit + 1]);
  }

  /** Clients that are not retired. @param among uuids; undefined: all */
  async dependentIds(database: EntityManager, id: string, among?: readonly string[]): Promise<string[]> {
    const rows = await database.query<{ id: string }[]>(
      `SELECT c.id FROM registry.client_trust_anchors l JOIN registry.clients c ON c.id = l.client_id
        WHERE l.trust_anchor_id = $1 AND c.status <> 'retired' AND ($2::uuid[] IS NULL OR l.client_id = ANY ($2))
        ORDER BY c.id`,
      [id, among ?? null],
    );
    return rows.map((row) => row.id);
  }

  /** Those known by certificates that nobody registered. */
  async identityDependentIds(database: EntityManager, id: string): Promise<string[]> {
    const rows = await database.query<{ id: string }[]>(
      `SELECT c.id FROM registry.client_trust_anchors l JOIN registry.clients c ON c.id = l.client_id
        WHERE l.trust_anchor_id = $1 AND c.status <> 'retired' AND c.certificate_policy = 'identity_only' ORDER BY c.id`,
      [id],
    );
    return rows.map((row) => row.id);
  }

  /**
   * Its clients are to be judged anew. No new version of the row: nobody changed what it says.
   * @param takes whether somebody may lose what they had, by a certificate that nobody registered
   */
  async raiseCrlGeneration(transaction: EntityManager, id: string, takes: boolean): Promise<void> {
    await transaction.query(
      `UPDATE registry.trust_anchors SET crl_generation = crl_generation + 1,
        crl_named_generation = CASE WHEN $2 THEN crl_generation + 1 ELSE crl_named_generation END WHERE id = $1`,
      [id, takes],
    );
  }

  save(transaction: EntityManager, anchor: TrustAnchor): Promise<TrustAnchor> {
    return transaction.save(anchor);
  }
}
