import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import {
  ApiConsumes,
  ApiJson,
  ApiJsonBody,
  ApiOperation,
  ApiProblem,
  ApiTags,
} from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { exampleAs, pageExamples } from '../http/examples.js';
import { filtersOf } from '../http/filters.js';
import { pageRequest, type Page } from '../http/page.js';
import { MERGE_PATCH } from '../http/request-bodies.js';
import { reasonExamples, reasonInput, type ReasonInput } from '../http/fields.schema.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import { MayRevoke } from '../mutations/may-revoke.decorator.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Action, Mutation, Replacement } from '../mutations/mutation.decorator.js';
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
  @RequireScope('registry:partners:write')
  @ApiOperation({ summary: 'Create a partner', description: 'Scope `registry:partners:write`' })
  @ApiJsonBody({ schema: newPartner, examples: newPartnerExamples })
  @ApiJson({
    status: 201,
    schema: partnerOutput,
    description: 'The partner, pending until it is activated.',
    examples: exampleAs('A new partner', partnerExamples, { status: 'pending', status_reason: null, version: 1 }),
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(409, '`slug_taken`')
  createPartner(
    @Body({ schema: newPartner }) body: NewPartner,
    @Mutation() mutation: MutationContext,
  ): Promise<Partner> {
    return this.creation.create(body, mutation);
  }

  @Get()
  @RequireScope('registry:partners:read')
  @ApiOperation({ summary: 'List partners', description: 'Scope `registry:partners:read`' })
  @ApiJson({
    status: 200,
    schema: partnerPageOutput,
    description: 'A page of partners, oldest first.',
    examples: pageExamples(partnerExamples),
  })
  @ApiProblem(400, '`invalid_request`')
  listPartners(@Query({ schema: partnerQuery }) query: PartnerQuery): Promise<Page<Partner>> {
    return this.partners.page(pageRequest(query), filtersOf(query));
  }

  @Get(':id')
  @RequireScope('registry:partners:read')
  @ApiOperation({ summary: 'Read a partner', description: 'Scope `registry:partners:read`' })
  @ApiJson({ status: 200, schema: partnerOutput, description: 'The partner.', examples: partnerExamples })
  @ApiProblem(404, '`not_found`')
  getPartner(@PartnerId() id: string): Promise<Partner> {
    return this.partners.one(id);
  }

  @Patch(':id')
  @RequireScope('registry:partners:write')
  @ApiOperation({ summary: 'Change a partner', description: 'Scope `registry:partners:write`' })
  @ApiConsumes(MERGE_PATCH)
  @ApiJsonBody({ schema: partnerPatch, examples: partnerPatchExamples })
  @ApiJson({ status: 200, schema: partnerOutput, description: 'The partner as it is now.', examples: partnerExamples })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`partner_offboarded`')
  changePartner(
    @PartnerId() id: string,
    @Body({ schema: partnerPatch }) patch: PartnerPatch,
    @Replacement() mutation: MutationContext,
  ): Promise<Partner> {
    return this.changes.change(id, patch, mutation);
  }

  @Post(':id/activate')
  @RequireScope('registry:partners:write')
  @ApiOperation({ summary: 'Activate a partner', description: 'Scope `registry:partners:write`' })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Contract signed') })
  @ApiJson({ status: 200, schema: partnerOutput, description: 'The partner, now active.', examples: partnerExamples })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`')
  activatePartner(
    @PartnerId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<Partner> {
    return this.status.change(id, 'activate', reason, mutation);
  }

  @Post(':id/suspend')
  @RequireScope('registry:partners:write')
  @ApiOperation({ summary: 'Suspend a partner', description: 'Scope `registry:partners:write`' })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Security incident under investigation') })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: partnerOutput,
    description: 'The partner, suspended: none of its clients is usable.',
    examples: exampleAs('A suspended partner', partnerExamples, {
      status: 'suspended',
      status_reason: 'Security incident under investigation',
      version: 3,
    }),
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`, `last_operator`, `registry_client_needed`')
  suspendPartner(
    @PartnerId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<Partner> {
    return this.status.change(id, 'suspend', reason, mutation);
  }

  @Post(':id/reinstate')
  @RequireScope('registry:partners:write')
  @ApiOperation({ summary: 'Reinstate a partner', description: 'Scope `registry:partners:write`' })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Incident closed') })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: partnerOutput,
    description: 'The partner, active again, and its active clients usable.',
    examples: exampleAs('Active again', partnerExamples, { status_reason: 'Incident closed', version: 4 }),
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`')
  reinstatePartner(
    @PartnerId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<Partner> {
    return this.status.change(id, 'reinstate', reason, mutation);
  }

  @Post(':id/offboard')
  @RequireScope('registry:partners:write')
  @ApiOperation({ summary: 'Offboard a partner', description: 'Scope `registry:partners:write`. Cannot be undone.' })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Contract ended') })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: partnerOutput,
    description:
      'The partner, offboarded: its clients are retired, their certificates revoked, their grants taken back.',
    examples: exampleAs('An offboarded partner', partnerExamples, {
      status: 'offboarded',
      status_reason: 'Contract ended',
      version: 5,
    }),
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`, `last_operator`, `registry_client_needed`')
  offboardPartner(
    @PartnerId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<Partner> {
    return this.offboarding.offboard(id, reason, mutation);
  }
}
