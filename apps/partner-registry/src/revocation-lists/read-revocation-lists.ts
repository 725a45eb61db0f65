import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RegistryError } from '../problems/registry-error.js';
import { TrustAnchorRepository } from '../trust-anchors/trust-anchor.repository.js';
import { HeldRevocationListRepository } from './held-revocation-list.repository.js';
import { shownList, type ShownRevocationList } from './revocation-list.schema.js';

@Injectable()
export class ReadRevocationLists {
  constructor(
    private readonly database: DataSource,
    private readonly anchors: TrustAnchorRepository,
    private readonly held: HeldRevocationListRepository,
  ) {}

  /** @throws RegistryError `not_found` when there is no such anchor */
  async ofAnchor(anchorId: string): Promise<{ trust_anchor_id: string; items: ShownRevocationList[] }> {
    const { manager } = this.database;
    if (!(await this.anchors.find(manager, anchorId))) throw RegistryError.notFound();
    const [lists, now] = [await this.held.ofAnchors(manager, [anchorId]), new Date()];
    return { trust_anchor_id: anchorId, items: lists.map((list) => shownList(list, now)) };
  }
}
