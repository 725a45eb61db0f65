import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ClientRepository } from '../clients/client.repository.js';
import { pageOf, type Page, type PageRequest } from '../conventions/page.js';
import { RegistryError } from '../problems/registry-error.js';
import { GrantRepository, type NamedGrant } from './grant.repository.js';

@Injectable()
export class ReadGrants {
  constructor(
    private readonly database: DataSource,
    private readonly clients: ClientRepository,
    private readonly grants: GrantRepository,
  ) {}

  /** @throws RegistryError `not_found` when there is no such client */
  async pageOfClient(clientId: string, request: PageRequest): Promise<Page<NamedGrant>> {
    const { manager } = this.database;
    if (!(await this.clients.find(manager, clientId))) throw RegistryError.notFound();
    return pageOf(await this.grants.listOfClient(manager, clientId, request), request);
  }
}
