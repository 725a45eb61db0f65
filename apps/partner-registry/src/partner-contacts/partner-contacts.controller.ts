import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import {
  ApiConsumes,
  ApiJson,
  ApiJsonBody,
  ApiNoContentResponse,
  ApiOperation,
  ApiProblem,
  ApiTags,
} from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { pageExamples } from '../http/examples.js';
import { filtersOf } from '../http/filters.js';
import { pageRequest, type Page } from '../http/page.js';
import { MERGE_PATCH } from '../http/request-bodies.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation, Replacement } from '../mutations/mutation.decorator.js';
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
  @RequireScope('registry:contacts:write')
  @ApiOperation({ summary: 'Add a contact', description: 'Scope `registry:contacts:write`' })
  @ApiJsonBody({ schema: newContact, examples: newContactExamples })
  @ApiJson({ status: 201, schema: contactOutput, description: 'The contact.', examples: contactExamples })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`partner_offboarded`')
  addContact(
    @PartnerId() id: string,
    @Body({ schema: newContact }) body: NewContact,
    @Mutation() mutation: MutationContext,
  ): Promise<PartnerContact> {
    return this.additions.add(id, body, mutation);
  }

  @Get('partners/:id/contacts')
  @RequireScope('registry:contacts:read')
  @ApiOperation({ summary: 'List the contacts of a partner', description: 'Scope `registry:contacts:read`' })
  @ApiJson({
    status: 200,
    schema: contactPageOutput,
    description: 'A page of contacts, oldest first.',
    examples: pageExamples(contactExamples),
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  listContacts(
    @PartnerId() id: string,
    @Query({ schema: contactQuery }) query: ContactQuery,
  ): Promise<Page<PartnerContact>> {
    return this.contacts.pageOfPartner(id, pageRequest(query), filtersOf(query));
  }

  @Get('contacts/:id')
  @RequireScope('registry:contacts:read')
  @ApiOperation({ summary: 'Read a contact', description: 'Scope `registry:contacts:read`' })
  @ApiJson({ status: 200, schema: contactOutput, description: 'The contact.', examples: contactExamples })
  @ApiProblem(404, '`not_found`, also once it was erased')
  getContact(@ContactId() id: string): Promise<PartnerContact> {
    return this.contacts.one(id);
  }

  @Patch('contacts/:id')
  @RequireScope('registry:contacts:write')
  @ApiOperation({ summary: 'Change a contact', description: 'Scope `registry:contacts:write`' })
  @ApiConsumes(MERGE_PATCH)
  @ApiJsonBody({ schema: contactPatch, examples: contactPatchExamples })
  @ApiJson({ status: 200, schema: contactOutput, description: 'The contact as it is now.', examples: contactExamples })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  changeContact(
    @ContactId() id: string,
    @Body({ schema: contactPatch }) patch: ContactPatch,
    @Replacement() mutation: MutationContext,
  ): Promise<PartnerContact> {
    return this.changes.change(id, patch, mutation);
  }

  @Delete('contacts/:id')
  @RequireScope('registry:contacts:write')
  @HttpCode(204)
  @ApiOperation({ summary: 'Erase a contact', description: 'Scope `registry:contacts:write`. Cannot be undone.' })
  @ApiNoContentResponse({ description: 'Name and address are erased; that there was a contact stays in the audit.' })
  @ApiProblem(404, '`not_found`')
  eraseContact(@ContactId() id: string, @Replacement() mutation: MutationContext): Promise<void> {
    return this.changes.erase(id, mutation);
  }
}
