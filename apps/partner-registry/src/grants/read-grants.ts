import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ClientRepository } from '../records/client.repository.js';
import { pageOf, type Page, type PageRequest } from '../http/page.js';
import { RegistryError } from '../problems/registry-error.js';
import { GrantRepository, type GrantFilters, type NamedGrant } from '../records/grant.repository.js';

@Injectable()
export class ReadGrants {
  constructor(
    private readonly database: DataSource,
    private readonly clients: ClientRepository,
    private readonly grants: GrantRepository,
  ) {}

  async one(id: string): Promise<NamedGrant> {
    const grant = await this.grants.find(this.database.manager, id);
    if (!grant) throw RegistryError.notFound();
    return grant;
  }

  async page(request: PageRequest, filters: GrantFilters): Promise<Page<NamedGrant>> {
    return pageOf(await this.grants.list(this.database.manager, request, filters), request);
  }

  async pageOfClient(clientId: string, request: PageRequest): Promise<Page<NamedGrant>> {
    if (!(await this.clients.find(this.database.manager, clientId))) throw RegistryError.notFound();
    return this.page(request, { client_id: clientId });
  }
}
