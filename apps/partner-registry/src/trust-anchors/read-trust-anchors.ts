import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ClientRepository } from '../records/client.repository.js';
import { pageOf, type Page, type PageRequest } from '../http/page.js';
import { RegistryError } from '../problems/registry-error.js';
import { ClientTrustAnchorRepository } from '../records/client-trust-anchor.repository.js';
import { showTrustAnchor, showTrustAnchors, type ShownTrustAnchor } from './show-trust-anchors.js';
import { TrustAnchorRepository, type Dependent, type TrustAnchorFilters } from '../records/trust-anchor.repository.js';

@Injectable()
export class ReadTrustAnchors {
  constructor(
    private readonly database: DataSource,
    private readonly clients: ClientRepository,
    private readonly anchors: TrustAnchorRepository,
    private readonly links: ClientTrustAnchorRepository,
  ) {}

  async one(id: string): Promise<ShownTrustAnchor> {
    const anchor = await this.anchors.find(this.database.manager, id);
    if (!anchor) throw RegistryError.notFound();
    return showTrustAnchor(this.database.manager, anchor, new Date());
  }

  async page(request: PageRequest, filters: TrustAnchorFilters): Promise<Page<ShownTrustAnchor>> {
    const { manager } = this.database;
    const { items, ...rest } = pageOf(await this.anchors.list(manager, request, filters), request);
    return { ...rest, items: await showTrustAnchors(manager, items, new Date()) };
  }

  async dependents(id: string, request: PageRequest): Promise<Page<Dependent>> {
    await this.one(id);
    return pageOf(await this.anchors.dependents(this.database.manager, id, request), request);
  }

  async ofClient(clientId: string) {
    const client = await this.clients.find(this.database.manager, clientId);
    if (!client) throw RegistryError.notFound();
    const items = await this.links.anchorsOf(this.database.manager, clientId);
    return { client_id: clientId, version: client.version, items };
  }
}
