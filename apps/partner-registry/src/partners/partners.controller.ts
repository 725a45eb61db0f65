import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccessToken, RequireScope, type BoundToken } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiJsonBody, ApiProblem } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { pageQuery, pageRequest, type Page, type PageQuery } from '../conventions/page.js';
import { reasonExamples, reasonInput, type ReasonInput } from '../conventions/fields.schema.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import { ChangePartnerStatus } from './change-partner-status.js';
import { CreatePartner } from './create-partner.js';
import type { Partner } from './partner.entity.js';
import { newPartner, newPartnerExamples, partnerOutput, partnerPageOutput, type NewPartner } from './partner.schema.js';
import { ReadPartners } from './read-partners.js';

const PartnerId = () => Param('id', new IdentifierPipe('ptn'));

/** Handlers return rows; the schema of `@ApiJson` is the whitelist and the form in which they leave. */
@ApiTags('partners')
@ApiProblem(401, 'No token, or one that is not valid over this connection')
@ApiProblem(403, 'The token lacks a scope')
@Controller('v1/partners')
@OnListener('mtls')
export class PartnersController {
  constructor(
    private readonly creation: CreatePartner,
    private readonly status: ChangePartnerStatus,
    private readonly partners: ReadPartners,
  ) {}

  @Post()
  @RequireScope('registry:partners:write')
  @ApiOperation({ summary: 'Create a partner', description: 'Scope `registry:partners:write`' })
  @ApiJsonBody({ schema: newPartner, examples: newPartnerExamples })
  @ApiJson({ status: 201, schema: partnerOutput, description: 'The partner, pending until it is activated.' })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(409, '`slug_taken`')
  createPartner(@Body({ schema: newPartner }) body: NewPartner): Promise<Partner> {
    return this.creation.create(body);
  }

  @Get()
  @RequireScope('registry:partners:read')
  @ApiOperation({ summary: 'List partners', description: 'Scope `registry:partners:read`' })
  @ApiJson({ status: 200, schema: partnerPageOutput, description: 'A page of partners, oldest first.' })
  @ApiProblem(400, '`invalid_request`')
  listPartners(@Query({ schema: pageQuery }) query: PageQuery): Promise<Page<Partner>> {
    return this.partners.page(pageRequest(query));
  }

  @Get(':id')
  @RequireScope('registry:partners:read')
  @ApiOperation({ summary: 'Read a partner', description: 'Scope `registry:partners:read`' })
  @ApiJson({ status: 200, schema: partnerOutput, description: 'The partner.' })
  @ApiProblem(404, '`not_found`')
  getPartner(@PartnerId() id: string): Promise<Partner> {
    return this.partners.one(id);
  }

  @Post(':id/activate')
  @RequireScope('registry:partners:write')
  @ApiOperation({ summary: 'Activate a partner', description: 'Scope `registry:partners:write`' })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Contract signed') })
  @ApiJson({ status: 200, schema: partnerOutput, description: 'The partner, now active.' })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`')
  activatePartner(
    @PartnerId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @AccessToken() token: BoundToken,
  ): Promise<Partner> {
    return this.status.change(id, 'activate', reason, token);
  }

  @Post(':id/suspend')
  @RequireScope('registry:partners:write')
  @ApiOperation({ summary: 'Suspend a partner', description: 'Scope `registry:partners:write`' })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Security incident under investigation') })
  @ApiJson({
    status: 200,
    schema: partnerOutput,
    description: 'The partner, suspended: none of its clients is usable.',
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`')
  suspendPartner(
    @PartnerId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @AccessToken() token: BoundToken,
  ): Promise<Partner> {
    return this.status.change(id, 'suspend', reason, token);
  }

  @Post(':id/reinstate')
  @RequireScope('registry:partners:write')
  @ApiOperation({ summary: 'Reinstate a partner', description: 'Scope `registry:partners:write`' })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Incident closed') })
  @ApiJson({
    status: 200,
    schema: partnerOutput,
    description: 'The partner, active again, and its active clients usable.',
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`')
  reinstatePartner(
    @PartnerId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @AccessToken() token: BoundToken,
  ): Promise<Partner> {
    return this.status.change(id, 'reinstate', reason, token);
  }
}
