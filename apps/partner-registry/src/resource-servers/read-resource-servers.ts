import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { pageOf, type Page, type PageRequest } from '../conventions/page.js';
import type { ResourceServerWithScopes } from './register-resource-server.js';
import { ResourceServerRepository } from './resource-server.repository.js';

@Injectable()
export class ReadResourceServers {
  constructor(
    private readonly database: DataSource,
    private readonly resourceServers: ResourceServerRepository,
  ) {}

  async page(request: PageRequest): Promise<Page<ResourceServerWithScopes>> {
    const { manager } = this.database;
    const page = pageOf(await this.resourceServers.list(manager, request), request);
    const scopes = await this.resourceServers.scopesOf(manager, page.items);
    const items = page.items.map((server) =>
      Object.assign(server, { scopes: scopes.filter((scope) => scope.resource_server_id === server.id) }),
    );
    return { ...page, items };
  }
}
