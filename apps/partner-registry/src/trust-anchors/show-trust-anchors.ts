import type { EntityManager } from 'typeorm';
import { HeldCrlRepository } from '../records/held-crl.repository.js';
import { shownList, type ShownCrl } from '../crls/crl.schema.js';
import type { TrustAnchor } from '../records/trust-anchor.entity.js';

/** An anchor with the state of its CRLs. */
export type ShownTrustAnchor = TrustAnchor & { readonly crls: readonly ShownCrl[] };

export async function showTrustAnchors(
  database: EntityManager,
  anchors: readonly TrustAnchor[],
  now: Date,
): Promise<ShownTrustAnchor[]> {
  const ids = anchors.map(({ id }) => id);
  const lists = (await new HeldCrlRepository().ofAnchors(database, ids)).map((list) => shownList(list, now));
  return anchors.map((anchor) => ({
    ...anchor,
    crls: lists.filter(({ trust_anchor_id: id }) => id === anchor.id),
  }));
}

export async function showTrustAnchor(
  database: EntityManager,
  anchor: TrustAnchor,
  now: Date,
): Promise<ShownTrustAnchor> {
  const [shown] = await showTrustAnchors(database, [anchor], now);
  return shown!;
}
