import { Injectable } from '@nestjs/common';
import { In, IsNull, LessThanOrEqual, type EntityManager } from 'typeorm';
import { HeldCrl } from './held-crl.entity.js';

const COLUMNS =
  'issuer_spki_sha256, scope_sha256, issuer_dn, number, this_update, next_update, entries, sha256, der, fetched_at, attempt_after';

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

/** What makes two lists follow each other (RFC 5280 5.2.3): the key that signed them, and what they are about. */
export type ListSeries = Pick<HeldCrl, 'trust_anchor_id' | 'issuer_spki_sha256' | 'scope_sha256'>;

const ofSeries = ({ trust_anchor_id, issuer_spki_sha256, scope_sha256 }: ListSeries) => ({
  trust_anchor_id,
  issuer_spki_sha256: issuer_spki_sha256!,
  scope_sha256: scope_sha256 ?? IsNull(),
});

/** A place that is to be asked by whoever claimed it. */
export type ClaimedPlace = Pick<HeldCrl, 'id' | 'trust_anchor_id'> & { readonly uri: string };

@Injectable()
export class HeldCrlRepository {
  /** Without their octets, in the order of their anchors. */
  ofAnchors(database: EntityManager, anchorIds: readonly string[]): Promise<HeldCrl[]> {
    const where = { trust_anchor_id: In([...anchorIds]) };
    return database.find(HeldCrl, { where, order: { trust_anchor_id: 'ASC', id: 'ASC' } });
  }

  /** One row, locked until the transaction ends. */
  lock(transaction: EntityManager, id: string): Promise<HeldCrl | null> {
    return transaction.findOne(HeldCrl, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** The row of lists of this series that were brought by hand, locked. */
  lockByHand(transaction: EntityManager, series: ListSeries): Promise<HeldCrl | null> {
    const where = { ...ofSeries(series), uri: IsNull() };
    return transaction.findOne(HeldCrl, { where, lock: { mode: 'pessimistic_write' } });
  }

  /** The latest list of a series, wherever it came from. */
  latestOf(database: EntityManager, series: ListSeries): Promise<HeldCrl | null> {
    return database.findOne(HeldCrl, { where: ofSeries(series), order: { this_update: 'DESC', id: 'ASC' } });
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
    await transaction.delete(HeldCrl, { id: In(ids) });
    await transaction.query(
      `INSERT INTO registry.crls (trust_anchor_id, uri) SELECT $1, u FROM unnest($2::text[]) AS u
        WHERE NOT EXISTS (SELECT 1 FROM registry.crls r WHERE r.trust_anchor_id = $1 AND r.uri = u)`,
      [anchorId, uris],
    );
  }

  /** What these rows hold stays when they go, or hold a list of another series next. */
  async keepLists(transaction: EntityManager, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await transaction.query(KEEP_LIST, [ids]);
  }

  /** Lists brought by hand that one of the same series has followed: not earlier than this. */
  async dropFollowed(transaction: EntityManager, list: HeldCrl): Promise<void> {
    if (list.uri === null || !list.issuer_spki_sha256 || !list.this_update) return;
    const followed = { ...ofSeries(list), uri: IsNull(), this_update: LessThanOrEqual(list.this_update) };
    await transaction.delete(HeldCrl, followed);
  }

  /** A place that is due, taken until `free`; undefined: none is. */
  async claim(database: EntityManager, now: Date, free: Date): Promise<ClaimedPlace | undefined> {
    const [rows] = await database.query<[ClaimedPlace[], number]>(CLAIM, [now, free]);
    return rows[0];
  }

  save(transaction: EntityManager, list: HeldCrl): Promise<HeldCrl> {
    return transaction.save(list);
  }
}
