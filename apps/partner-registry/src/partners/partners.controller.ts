import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { exampleAs, pageExamples } from '../http/examples.js';
import { filtersOf } from '../http/filters.js';
import { pageRequest, type Page } from '../http/page.js';
import { MERGE_PATCH } from '../http/request-bodies.js';
import { reasonExamples, reasonInput, type ReasonInput } from '../http/fields.schema.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation, VersionedMutation } from '../mutations/mutation.decorator.js';
import { ChangePartner } from './change-partner.js';
import { ChangePartnerStatus } from './change-partner-status.js';
import { CreatePartner } from './create-partner.js';
import { OffboardPartner } from './offboard-partner.js';
import type { Partner } from '../records/partner.entity.js';
import {
  newPartner,
  newPartnerExamples,
  partnerExamples,
  partnerOutput,
  partnerPageOutput,
  partnerPatch,
  partnerPatchExamples,
  partnerQuery,
  type NewPartner,
  type PartnerPatch,
  type PartnerQuery,
} from './partner.schema.js';
import { ReadPartners } from './read-partners.js';

const PartnerId = () => Param('id', new IdentifierPipe('ptn'));

/** Handlers return rows; the schema of `@ApiJson` is the whitelist and the form in which they leave. */
@ApiTags('partners')
@Controller('v1/partners')
@OnListener('mtls')
export class PartnersController {
  constructor(
    private readonly creation: CreatePartner,
    private readonly changes: ChangePartner,
    private readonly status: ChangePartnerStatus,
    private readonly offboarding: OffboardPartner,
    private readonly partners: ReadPartners,
  ) {}

  @Post()
  @Operation({
    summary: 'Create a partner',
    scope: 'registry:partners:write',
    body: { schema: newPartner, examples: newPartnerExamples },
    answer: {
      status: 201,
      schema: partnerOutput,
      description: 'The partner, pending until it is activated.',
      examples: exampleAs('A new partner', partnerExamples, { status: 'pending', status_reason: null, version: 1 }),
    },
    refusals: ['slug_taken'],
  })
  createPartner(
    @Body({ schema: newPartner }) body: NewPartner,
    @Mutation() mutation: MutationContext,
  ): Promise<Partner> {
    return this.creation.create(body, mutation);
  }

  @Get()
  @Operation({
    summary: 'List partners',
    scope: 'registry:partners:read',
    answer: {
      schema: partnerPageOutput,
      description: 'A page of partners, oldest first.',
      examples: pageExamples(partnerExamples),
    },
  })
  listPartners(@Query({ schema: partnerQuery }) query: PartnerQuery): Promise<Page<Partner>> {
    return this.partners.page(pageRequest(query), filtersOf(query));
  }

  @Get(':id')
  @Operation({
    summary: 'Read a partner',
    scope: 'registry:partners:read',
    answer: { schema: partnerOutput, description: 'The partner.', examples: partnerExamples },
    refusals: ['not_found'],
  })
  getPartner(@PartnerId() id: string): Promise<Partner> {
    return this.partners.one(id);
  }

  @Patch(':id')
  @Operation({
    summary: 'Change a partner',
    scope: 'registry:partners:write',
    body: { type: MERGE_PATCH, schema: partnerPatch, examples: partnerPatchExamples },
    answer: { schema: partnerOutput, description: 'The partner as it is now.', examples: partnerExamples },
    refusals: ['not_found', 'partner_offboarded'],
  })
  changePartner(
    @PartnerId() id: string,
    @Body({ schema: partnerPatch }) patch: PartnerPatch,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<Partner> {
    return this.changes.change(id, patch, mutation);
  }

  @Post(':id/activate')
  @Operation({
    summary: 'Activate a partner',
    scope: 'registry:partners:write',
    body: { schema: reasonInput, examples: reasonExamples('Contract signed') },
    answer: { schema: partnerOutput, description: 'The partner, now active.', examples: partnerExamples },
    refusals: ['not_found', 'invalid_transition'],
  })
  activatePartner(
    @PartnerId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<Partner> {
    return this.status.change(id, 'activate', reason, mutation);
  }

  @Post(':id/suspend')
  @Operation({
    summary: 'Suspend a partner',
    scope: 'registry:partners:write',
    body: { schema: reasonInput, examples: reasonExamples('Security incident under investigation') },
    answer: {
      schema: partnerOutput,
      description: 'The partner, suspended: none of its clients is usable.',
      examples: exampleAs('A suspended partner', partnerExamples, {
        status: 'suspended',
        status_reason: 'Security incident under investigation',
        version: 3,
      }),
    },
    mayRevoke: true,
    refusals: ['not_found', 'invalid_transition', 'last_operator', 'registry_client_needed'],
  })
  suspendPartner(
    @PartnerId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<Partner> {
    return this.status.change(id, 'suspend', reason, mutation);
  }

  @Post(':id/reinstate')
  @Operation({
    summary: 'Reinstate a partner',
    scope: 'registry:partners:write',
    body: { schema: reasonInput, examples: reasonExamples('Incident closed') },
    answer: {
      schema: partnerOutput,
      description: 'The partner, active again, and its active clients usable.',
      examples: exampleAs('Active again', partnerExamples, { status_reason: 'Incident closed', version: 4 }),
    },
    mayRevoke: true,
    refusals: ['not_found', 'invalid_transition'],
  })
  reinstatePartner(
    @PartnerId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<Partner> {
    return this.status.change(id, 'reinstate', reason, mutation);
  }

  @Post(':id/offboard')
  @Operation({
    summary: 'Offboard a partner',
    description: 'Cannot be undone.',
    scope: 'registry:partners:write',
    body: { schema: reasonInput, examples: reasonExamples('Contract ended') },
    answer: {
      schema: partnerOutput,
      description:
        'The partner, offboarded: its clients are retired, their certificates revoked, their grants taken back.',
      examples: exampleAs('An offboarded partner', partnerExamples, {
        status: 'offboarded',
        status_reason: 'Contract ended',
        version: 5,
      }),
    },
    mayRevoke: true,
    refusals: ['not_found', 'invalid_transition', 'last_operator', 'registry_client_needed'],
  })
  offboardPartner(
    @PartnerId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<Partner> {
    return this.offboarding.offboard(id, reason, mutation);
  }
}
