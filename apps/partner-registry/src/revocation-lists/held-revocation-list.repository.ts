import { Injectable } from '@nestjs/common';
import { In, IsNull, LessThanOrEqual, type EntityManager } from 'typeorm';
import { HeldRevocationList } from './held-revocation-list.entity.js';

const COLUMNS =
  'issuer_spki_sha256, issuer_dn, number, this_update, next_update, entries, sha256, der, fetched_at, attempt_after';

// Without it, whoever can answer for a place could make the list that was held forgotten, and then replay an older one.
const KEEP_LIST = `
INSERT INTO registry.crls AS kept (trust_anchor_id, ${COLUMNS})
SELECT trust_anchor_id, ${COLUMNS} FROM registry.crls WHERE id = ANY ($1::uuid[]) AND sha256 IS NOT NULL
 ORDER BY this_update DESC
ON CONFLICT ON CONSTRAINT crls_of_uri DO NOTHING`;

// Of several replicas each takes others; who takes one is ahead of the rest for as long as fetching may take.
const CLAIM = `
UPDATE registry.crls SET attempted_at = $1, attempt_after = $2 WHERE id = (
  SELECT r.id FROM registry.crls r JOIN registry.trust_anchors a ON a.id = r.trust_anchor_id
   WHERE r.uri IS NOT NULL AND r.attempt_after <= $1 AND a.status = 'active'
   ORDER BY r.attempt_after LIMIT 1 FOR UPDATE OF r SKIP LOCKED)
RETURNING id, trust_anchor_id, uri`;

/** A place that is to be asked by whoever claimed it. */
export type ClaimedPlace = Pick<HeldRevocationList, 'id' | 'trust_anchor_id'> & { readonly uri: string };

@Injectable()
export class HeldRevocationListRepository {
  /** Without their octets, in the order of their anchors. */
  ofAnchors(database: EntityManager, anchorIds: readonly string[]): Promise<HeldRevocationList[]> {
    const where = { trust_anchor_id: In([...anchorIds]) };
    return database.find(HeldRevocationList, { where, order: { trust_anchor_id: 'ASC', id: 'ASC' } });
  }

  /** One row, locked until the transaction ends. */
  lock(transaction: EntityManager, id: string): Promise<HeldRevocationList | null> {
    return transaction.findOne(HeldRevocationList, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** The row of lists of this authority that were brought by hand, locked. */
  lockByHand(transaction: EntityManager, anchorId: string, spkiSha256: string): Promise<HeldRevocationList | null> {
    const where = { trust_anchor_id: anchorId, uri: IsNull(), issuer_spki_sha256: spkiSha256 };
    return transaction.findOne(HeldRevocationList, { where, lock: { mode: 'pessimistic_write' } });
  }

  /** The latest list of an authority, wherever it came from. */
  latestOf(database: EntityManager, anchorId: string, spkiSha256: string): Promise<HeldRevocationList | null> {
    const where = { trust_anchor_id: anchorId, issuer_spki_sha256: spkiSha256 };
    return database.findOne(HeldRevocationList, { where, order: { this_update: 'DESC', id: 'ASC' } });
  }

  /** Octets by their SHA-256, lower-case hex. */
  async dersOf(database: EntityManager, sha256s: readonly string[]): Promise<Map<string, Buffer>> {
    if (sha256s.length === 0) return new Map();
    const sql = 'SELECT DISTINCT ON (sha256) sha256, der FROM registry.crls WHERE sha256 = ANY ($1)';
    const rows = await database.query<{ sha256: string; der: Buffer }[]>(sql, [sha256s]);
    return new Map(rows.map(({ sha256, der }) => [sha256, der]));
  }

  /** Exactly these are asked from now on, new ones at once. Lists from places that go stay, as if brought by hand. */
  async setPlaces(transaction: EntityManager, anchorId: string, uris: readonly string[]): Promise<void> {
    const gone = await transaction.query<{ id: string }[]>(
      `SELECT id FROM registry.crls WHERE trust_anchor_id = $1 AND uri IS NOT NULL AND uri <> ALL ($2::text[]) FOR UPDATE`,
      [anchorId, uris],
    );
    const ids = gone.map(({ id }) => id);
    await this.keepLists(transaction, ids);
    await transaction.delete(HeldRevocationList, { id: In(ids) });
    await transaction.query(
      `INSERT INTO registry.crls (trust_anchor_id, uri) SELECT $1, u FROM unnest($2::text[]) AS u
        WHERE NOT EXISTS (SELECT 1 FROM registry.crls r WHERE r.trust_anchor_id = $1 AND r.uri = u)`,
      [anchorId, uris],
    );
  }

  /** What these rows hold stays when they go, or hold the list of another authority next. */
  async keepLists(transaction: EntityManager, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await transaction.query(KEEP_LIST, [ids]);
  }

  /** Lists brought by hand that one of the same authority has followed: not earlier than this. */
  async dropFollowed(transaction: EntityManager, list: HeldRevocationList): Promise<void> {
    const { trust_anchor_id, issuer_spki_sha256, this_update } = list;
    if (list.uri === null || !issuer_spki_sha256 || !this_update) return;
    const followed = { trust_anchor_id, issuer_spki_sha256, uri: IsNull(), this_update: LessThanOrEqual(this_update) };
    await transaction.delete(HeldRevocationList, followed);
  }

  /** A place that is due, taken until `free`; undefined: none is. */
  async claim(database: EntityManager, now: Date, free: Date): Promise<ClaimedPlace | undefined> {
    const [rows] = await database.query<[ClaimedPlace[], number]>(CLAIM, [now, free]);
    return rows[0];
  }

  save(transaction: EntityManager, list: HeldRevocationList): Promise<HeldRevocationList> {
    return transaction.save(list);
  }
}
