import { Injectable } from '@nestjs/common';
import { ParsedCrls, type Crl } from '@partner-ecosystem/x509/path';
import type { EntityManager } from 'typeorm';
import type { TrustAnchor } from '../records/trust-anchor.entity.js';
import { HeldCrlRepository } from '../records/held-crl.repository.js';

/** By the uuid of the anchor; one that never looks at lists has none here. */
export type ListsOfAnchors = ReadonlyMap<string, readonly Crl[]>;

/** The lists that certificates are judged by. Parsed once, as long as they fit into memory. */
@Injectable()
export class AnchorLists {
  readonly #parsed = new ParsedCrls();

  constructor(private readonly held: HeldCrlRepository) {}

  /** Of active anchors that look at lists. */
  async of(database: EntityManager, anchors: readonly TrustAnchor[]): Promise<ListsOfAnchors> {
    const looking = anchors.filter(({ status, crl_mode: mode }) => status === 'active' && mode !== 'off');
    return this.heldBy(
      database,
      looking.map(({ id }) => id),
    );
  }

  /** Whatever the mode. */
  async heldBy(database: EntityManager, anchorIds: readonly string[]): Promise<ListsOfAnchors> {
    if (anchorIds.length === 0) return new Map();
    const rows = (await this.held.ofAnchors(database, anchorIds)).filter(({ sha256 }) => sha256 !== null);
    const parsed = await this.parsed(database, [...new Set(rows.map(({ sha256 }) => sha256!))]);
    const lists = new Map<string, Crl[]>(anchorIds.map((id) => [id, []]));
    for (const { trust_anchor_id: id, sha256 } of rows) {
      const list = parsed.get(sha256!);
      // replaced since the rows were read: read what came in its place
      if (!list) return this.heldBy(database, anchorIds);
      if (!lists.get(id)!.includes(list)) lists.get(id)!.push(list);
    }
    return lists;
  }

  private async parsed(database: EntityManager, sha256s: readonly string[]): Promise<Map<string, Crl>> {
    const found = new Map<string, Crl>();
    for (const sha256 of sha256s) {
      const known = this.#parsed.get(sha256);
      if (known) found.set(sha256, known);
    }
    const ders = await this.held.dersOf(
      database,
      sha256s.filter((sha256) => !found.has(sha256)),
    );
    for (const [sha256, der] of ders) found.set(sha256, this.#parsed.add(der));
    return found;
  }
}
