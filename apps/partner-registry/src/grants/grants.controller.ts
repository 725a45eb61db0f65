import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiJsonBody, ApiOperation, ApiProblem, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { pageExamples } from '../http/examples.js';
import { reasonExamples, reasonInput, type ReasonInput } from '../http/fields.schema.js';
import { filtersOf } from '../http/filters.js';
import { pageRequest, type Page } from '../http/page.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import { MayRevoke } from '../mutations/may-revoke.decorator.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Action } from '../mutations/mutation.decorator.js';
import { DecideGrant, type DecidedGrant } from './decide-grant.js';
import type { NamedGrant } from '../records/grant.repository.js';
import {
  decidedGrantExamples,
  decidedGrantOutput,
  grantExamples,
  grantOutput,
  grantPageOutput,
  grantQuery,
  type GrantQuery,
} from './grant.schema.js';
import { ReadGrants } from './read-grants.js';

const GrantId = () => Param('id', new IdentifierPipe('grt'));

@ApiTags('grants')
@Controller('v1/grants')
@OnListener('mtls')
export class GrantsController {
  constructor(
    private readonly decisions: DecideGrant,
    private readonly grants: ReadGrants,
  ) {}

  @Get()
  @RequireScope('registry:grants:read')
  @ApiOperation({
    summary: 'List grants',
    description: 'Scope `registry:grants:read`. `status=requested` is what waits for somebody.',
  })
  @ApiJson({
    status: 200,
    schema: grantPageOutput,
    description: 'A page of grants, oldest first.',
    examples: pageExamples(grantExamples),
  })
  @ApiProblem(400, '`invalid_request`')
  listAllGrants(@Query({ schema: grantQuery }) query: GrantQuery): Promise<Page<NamedGrant>> {
    return this.grants.page(pageRequest(query), filtersOf(query));
  }

  @Get(':id')
  @RequireScope('registry:grants:read')
  @ApiOperation({ summary: 'Read a grant', description: 'Scope `registry:grants:read`' })
  @ApiJson({ status: 200, schema: grantOutput, description: 'The grant.', examples: grantExamples })
  @ApiProblem(404, '`not_found`')
  getGrant(@GrantId() id: string): Promise<NamedGrant> {
    return this.grants.one(id);
  }

  @Post(':id/approve')
  @RequireScope('registry:grants:approve')
  @ApiOperation({
    summary: 'Approve a requested grant',
    description: 'Scope `registry:grants:approve`. Never by who requested it, nor by the client it is for.',
  })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Agreed with the shipments team') })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: decidedGrantOutput,
    description: 'The grant, in force.',
    examples: decidedGrantExamples('active'),
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`, `client_retired`')
  @ApiProblem(403, '`own_request`, `scope_not_held`')
  approveGrant(
    @GrantId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<DecidedGrant> {
    return this.decisions.decide(id, 'approve', reason, mutation);
  }

  @Post(':id/reject')
  @RequireScope('registry:grants:approve')
  @ApiOperation({
    summary: 'Reject a requested grant',
    description: 'Scope `registry:grants:approve`. Who requested it takes it back by revoking it.',
  })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Not covered by the contract') })
  @ApiJson({
    status: 200,
    schema: decidedGrantOutput,
    description: 'The grant, rejected.',
    examples: decidedGrantExamples('rejected'),
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`, `client_retired`')
  @ApiProblem(403, '`own_request`, `scope_not_held`')
  rejectGrant(
    @GrantId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<DecidedGrant> {
    return this.decisions.decide(id, 'reject', reason, mutation);
  }

  @Post(':id/revoke')
  @RequireScope('registry:grants:write')
  @ApiOperation({
    summary: 'Revoke a grant',
    description:
      'Scope `registry:grants:write`. Warns when a token request without `resource` gets something else afterwards.',
  })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('No longer needed') })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: decidedGrantOutput,
    description: 'The grant, revoked.',
    examples: decidedGrantExamples('revoked'),
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`, `client_retired`, `last_operator`, `registry_client_needed`')
  revokeGrant(
    @GrantId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<DecidedGrant> {
    return this.decisions.decide(id, 'revoke', reason, mutation);
  }
}
