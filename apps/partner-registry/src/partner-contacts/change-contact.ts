import { Injectable } from '@nestjs/common';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { ContactsForChange, recordContact } from './contacts-for-change.js';
import type { PartnerContact } from '../records/partner-contact.entity.js';
import { PartnerContactRepository } from '../records/partner-contact.repository.js';
import type { ContactPatch } from './partner-contact.schema.js';

@Injectable()
export class ChangeContact {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: ContactsForChange,
    private readonly contacts: PartnerContactRepository,
  ) {}

  /** A new address was not verified yet. */
  change(id: string, patch: ContactPatch, context: MutationContext): Promise<PartnerContact> {
    return this.mutations.run(context, async (mutation) => {
      const contact = await this.forChange.lock(mutation, id);
      const moved = patch.email !== undefined && patch.email !== contact.email;
      Object.assign(contact, patch, moved ? { verified_at: null } : {});
      const saved = await this.contacts.save(mutation.transaction, contact);
      recordContact(mutation, 'contact.changed', saved);
      return saved;
    });
  }

  /** The person is forgotten, the row stays for the audit. */
  erase(id: string, context: MutationContext): Promise<void> {
    return this.mutations.run(context, async (mutation) => {
      const contact = await this.forChange.lock(mutation, id);
      Object.assign(contact, { name: null, email: null, verified_at: null, erased_at: mutation.now });
      recordContact(mutation, 'contact.erased', await this.contacts.save(mutation.transaction, contact));
    });
  }
}
