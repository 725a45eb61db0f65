import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { pageOf, type Page, type PageRequest } from '../http/page.js';
import { RegistryError } from '../problems/registry-error.js';
import type { Partner } from '../records/partner.entity.js';
import { PartnerRepository, type PartnerFilters } from '../records/partner.repository.js';

@Injectable()
export class ReadPartners {
  constructor(
    private readonly database: DataSource,
    private readonly partners: PartnerRepository,
  ) {}

  async one(id: string): Promise<Partner> {
    const partner = await this.partners.find(this.database.manager, id);
    if (!partner) throw RegistryError.notFound();
    return partner;
  }

  async page(request: PageRequest, filters: PartnerFilters): Promise<Page<Partner>> {
    return pageOf(await this.partners.list(this.database.manager, request, filters), request);
  }
}
