import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { pageOf, type Page, type PageRequest } from '../http/page.js';
import { RegistryError } from '../problems/registry-error.js';
import type { ResourceServerWithScopes } from './register-resource-server.js';
import type { ResourceServerClient } from '../records/resource-server-client.entity.js';
import { ResourceServerRepository, type ResourceServerFilters } from '../records/resource-server.repository.js';
import type { Scope } from '../records/scope.entity.js';

@Injectable()
export class ReadResourceServers {
  constructor(
    private readonly database: DataSource,
    private readonly resourceServers: ResourceServerRepository,
  ) {}

  async one(id: string): Promise<ResourceServerWithScopes> {
    const { manager } = this.database;
    const server = await this.resourceServers.find(manager, id);
    if (!server) throw RegistryError.notFound();
    return Object.assign(server, { scopes: await this.resourceServers.scopesOf(manager, [server]) });
  }

  async scope(id: string): Promise<Scope> {
    const scope = await this.resourceServers.findScope(this.database.manager, id);
    if (!scope) throw RegistryError.notFound();
    return scope;
  }

  async clientsOf(id: string): Promise<{ items: ResourceServerClient[] }> {
    await this.one(id);
    return { items: await this.resourceServers.clientsOf(this.database.manager, id) };
  }

  async page(request: PageRequest, filters: ResourceServerFilters): Promise<Page<ResourceServerWithScopes>> {
    const { manager } = this.database;
    const page = pageOf(await this.resourceServers.list(manager, request, filters), request);
    const scopes = await this.resourceServers.scopesOf(manager, page.items);
    const items = page.items.map((server) =>
      Object.assign(server, { scopes: scopes.filter((scope) => scope.resource_server_id === server.id) }),
    );
    return { ...page, items };
  }
}
