import { Injectable } from '@nestjs/common';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { PartnersForChange } from '../locks/partners-for-change.js';
import { RegistryError } from '../problems/registry-error.js';
import type { PartnerContact } from '../records/partner-contact.entity.js';
import { PartnerContactRepository } from '../records/partner-contact.repository.js';
import { contactReference } from './partner-contact.schema.js';

/** The only way to a contact that is to be changed: its partner is locked, whose operator rule holds for it too. */
@Injectable()
export class ContactsForChange {
  constructor(
    private readonly partners: PartnersForChange,
    private readonly contacts: PartnerContactRepository,
  ) {}

  /** @throws RegistryError `not_found`, `operator_scope_required`, `precondition_required`, `precondition_failed` */
  async lock(mutation: ActiveMutation, id: string): Promise<PartnerContact> {
    const found = await this.contacts.find(mutation.transaction, id);
    if (!found) throw RegistryError.notFound();
    await this.partners.lock(mutation, found.partner_id);
    const contact = await this.contacts.find(mutation.transaction, id);
    if (!contact) throw RegistryError.notFound();
    mutation.assertMatches(contact);
    return contact;
  }
}

/** People's data by reference only: the events say which contact, never who it is. */
export function recordContact(mutation: ActiveMutation, action: string, contact: PartnerContact): void {
  const after = contactReference.parse(contact);
  mutation.record({ action, targets: [after.id, after.partner_id], after });
}
