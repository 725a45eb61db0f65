import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { pageExamples } from '../http/examples.js';
import { filtersOf } from '../http/filters.js';
import { pageRequest, type Page } from '../http/page.js';
import { MERGE_PATCH } from '../http/request-bodies.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation, VersionedMutation } from '../mutations/mutation.decorator.js';
import { AddContact } from './add-contact.js';
import { ChangeContact } from './change-contact.js';
import type { PartnerContact } from '../records/partner-contact.entity.js';
import {
  contactExamples,
  contactOutput,
  contactPageOutput,
  contactPatch,
  contactPatchExamples,
  contactQuery,
  newContact,
  newContactExamples,
  type ContactPatch,
  type ContactQuery,
  type NewContact,
} from './partner-contact.schema.js';
import { ReadContacts } from './read-contacts.js';

const PartnerId = () => Param('id', new IdentifierPipe('ptn'));
const ContactId = () => Param('id', new IdentifierPipe('ctc'));

@ApiTags('contacts')
@Controller('v1')
@OnListener('mtls')
export class PartnerContactsController {
  constructor(
    private readonly additions: AddContact,
    private readonly changes: ChangeContact,
    private readonly contacts: ReadContacts,
  ) {}

  @Post('partners/:id/contacts')
  @Operation({
    summary: 'Add a contact',
    scope: 'registry:contacts:write',
    body: { schema: newContact, examples: newContactExamples },
    answer: { status: 201, schema: contactOutput, description: 'The contact.', examples: contactExamples },
    refusals: ['not_found', 'partner_offboarded'],
  })
  addContact(
    @PartnerId() id: string,
    @Body({ schema: newContact }) body: NewContact,
    @Mutation() mutation: MutationContext,
  ): Promise<PartnerContact> {
    return this.additions.add(id, body, mutation);
  }

  @Get('partners/:id/contacts')
  @Operation({
    summary: 'List the contacts of a partner',
    scope: 'registry:contacts:read',
    answer: {
      schema: contactPageOutput,
      description: 'A page of contacts, oldest first.',
      examples: pageExamples(contactExamples),
    },
    refusals: ['not_found'],
  })
  listContacts(
    @PartnerId() id: string,
    @Query({ schema: contactQuery }) query: ContactQuery,
  ): Promise<Page<PartnerContact>> {
    return this.contacts.pageOfPartner(id, pageRequest(query), filtersOf(query));
  }

  @Get('contacts/:id')
  @Operation({
    summary: 'Read a contact',
    scope: 'registry:contacts:read',
    answer: { schema: contactOutput, description: 'The contact.', examples: contactExamples },
    refusals: ['not_found'],
  })
  getContact(@ContactId() id: string): Promise<PartnerContact> {
    return this.contacts.one(id);
  }

  @Patch('contacts/:id')
  @Operation({
    summary: 'Change a contact',
    scope: 'registry:contacts:write',
    body: { type: MERGE_PATCH, schema: contactPatch, examples: contactPatchExamples },
    answer: { schema: contactOutput, description: 'The contact as it is now.', examples: contactExamples },
    refusals: ['not_found'],
  })
  changeContact(
    @ContactId() id: string,
    @Body({ schema: contactPatch }) patch: ContactPatch,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<PartnerContact> {
    return this.changes.change(id, patch, mutation);
  }

  @Delete('contacts/:id')
  @Operation({
    summary: 'Erase a contact',
    description: 'Cannot be undone.',
    scope: 'registry:contacts:write',
    noContent: 'Name and address are erased; that there was a contact stays in the audit.',
    refusals: ['not_found'],
  })
  eraseContact(@ContactId() id: string, @VersionedMutation() mutation: MutationContext): Promise<void> {
    return this.changes.erase(id, mutation);
  }
}
