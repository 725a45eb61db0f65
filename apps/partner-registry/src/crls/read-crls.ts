import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RegistryError } from '../problems/registry-error.js';
import { TrustAnchorRepository } from '../records/trust-anchor.repository.js';
import { HeldCrlRepository } from '../records/held-crl.repository.js';
import { shownList, type ShownCrl } from './crl.schema.js';

@Injectable()
export class ReadCrls {
  constructor(
    private readonly database: DataSource,
    private readonly anchors: TrustAnchorRepository,
    private readonly held: HeldCrlRepository,
  ) {}

  async ofAnchor(anchorId: string): Promise<{ trust_anchor_id: string; items: ShownCrl[] }> {
    const { manager } = this.database;
    if (!(await this.anchors.find(manager, anchorId))) throw RegistryError.notFound();
    const [lists, now] = [await this.held.ofAnchors(manager, [anchorId]), new Date()];
    return { trust_anchor_id: anchorId, items: lists.map((list) => shownList(list, now)) };
  }
}
