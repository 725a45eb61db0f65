import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { pageOf, type Page, type PageRequest } from '../http/page.js';
import { RegistryError } from '../problems/registry-error.js';
import type { Client } from '../records/client.entity.js';
import { ClientRepository, type ClientFilters } from '../records/client.repository.js';

@Injectable()
export class ReadClients {
  constructor(
    private readonly database: DataSource,
    private readonly clients: ClientRepository,
  ) {}

  async one(id: string): Promise<Client> {
    const client = await this.clients.find(this.database.manager, id);
    if (!client) throw RegistryError.notFound();
    return client;
  }

  async page(request: PageRequest, filters: ClientFilters): Promise<Page<Client>> {
    return pageOf(await this.clients.list(this.database.manager, request, filters), request);
  }
}
