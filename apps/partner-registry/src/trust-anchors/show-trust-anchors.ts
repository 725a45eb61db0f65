import type { EntityManager } from 'typeorm';
import { HeldRevocationListRepository } from '../revocation-lists/held-revocation-list.repository.js';
import { shownList, type ShownRevocationList } from '../revocation-lists/revocation-list.schema.js';
import type { TrustAnchor } from './trust-anchor.entity.js';

/** An anchor with the state of its revocation lists. */
export type ShownTrustAnchor = TrustAnchor & { readonly revocation_lists: readonly ShownRevocationList[] };

export async function showTrustAnchors(
  database: EntityManager,
  anchors: readonly TrustAnchor[],
  now: Date,
): Promise<ShownTrustAnchor[]> {
  const ids = anchors.map(({ id }) => id);
  const lists = (await new HeldRevocationListRepository().ofAnchors(database, ids)).map((list) => shownList(list, now));
  return anchors.map((anchor) => ({
    ...anchor,
    revocation_lists: lists.filter(({ trust_anchor_id: id }) => id === anchor.id),
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
