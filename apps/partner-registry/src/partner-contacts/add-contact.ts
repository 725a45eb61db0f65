import { Injectable } from '@nestjs/common';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { partnerOffboarded } from '../problems/partner.errors.js';
import { PartnersForChange } from '../locks/partners-for-change.js';
import { recordContact } from './contacts-for-change.js';
import { PartnerContact } from '../records/partner-contact.entity.js';
import { PartnerContactRepository } from '../records/partner-contact.repository.js';
import type { NewContact } from './partner-contact.schema.js';

@Injectable()
export class AddContact {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: PartnersForChange,
    private readonly contacts: PartnerContactRepository,
  ) {}

  add(partnerId: string, request: NewContact, context: MutationContext): Promise<PartnerContact> {
    return this.mutations.run(context, async (mutation) => {
      const partner = await this.forChange.lock(mutation, partnerId);
      if (partner.status === 'offboarded') throw partnerOffboarded();
      const row = mutation.transaction.create(PartnerContact, { ...request, partner_id: partnerId });
      const contact = await this.contacts.save(mutation.transaction, row);
      recordContact(mutation, 'contact.added', contact);
      return contact;
    });
  }
}
