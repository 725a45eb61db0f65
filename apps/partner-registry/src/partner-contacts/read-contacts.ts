import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { pageOf, type Page, type PageRequest } from '../http/page.js';
import { PartnerRepository } from '../records/partner.repository.js';
import { RegistryError } from '../problems/registry-error.js';
import type { ContactKind, PartnerContact } from '../records/partner-contact.entity.js';
import { PartnerContactRepository } from '../records/partner-contact.repository.js';

@Injectable()
export class ReadContacts {
  constructor(
    private readonly database: DataSource,
    private readonly partners: PartnerRepository,
    private readonly contacts: PartnerContactRepository,
  ) {}

  async one(id: string): Promise<PartnerContact> {
    const contact = await this.contacts.find(this.database.manager, id);
    if (!contact) throw RegistryError.notFound();
    return contact;
  }

  async pageOfPartner(
    partnerId: string,
    request: PageRequest,
    filters: { kind?: ContactKind | undefined },
  ): Promise<Page<PartnerContact>> {
    const { manager } = this.database;
    if (!(await this.partners.find(manager, partnerId))) throw RegistryError.notFound();
    return pageOf(await this.contacts.listOfPartner(manager, partnerId, request, filters), request);
  }
}
