import { Module } from '@nestjs/common';
import { MutationsModule } from '../mutations/mutations.module.js';
import { PartnersModule } from '../partners/partners.module.js';
import { AddContact } from './add-contact.js';
import { ChangeContact } from './change-contact.js';
import { ContactsForChange } from './contacts-for-change.js';
import { PartnerContactRepository } from './partner-contact.repository.js';
import { PartnerContactsController } from './partner-contacts.controller.js';
import { ReadContacts } from './read-contacts.js';

@Module({
  imports: [MutationsModule, PartnersModule],
  controllers: [PartnerContactsController],
  providers: [PartnerContactRepository, ContactsForChange, AddContact, ChangeContact, ReadContacts],
})
export class PartnerContactsModule {}
