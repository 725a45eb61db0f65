import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { pageExamples } from '../http/examples.js';
import { reasonExamples, reasonInput, type ReasonInput } from '../http/fields.schema.js';
import { filtersOf } from '../http/filters.js';
import { pageRequest, type Page } from '../http/page.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { VersionedMutation } from '../mutations/mutation.decorator.js';
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
  @Operation({
    summary: 'List grants',
    description: '`status=requested` is what waits for somebody.',
    scope: 'registry:grants:read',
    answer: {
      schema: grantPageOutput,
      description: 'A page of grants, oldest first.',
      examples: pageExamples(grantExamples),
    },
  })
  listAllGrants(@Query({ schema: grantQuery }) query: GrantQuery): Promise<Page<NamedGrant>> {
    return this.grants.page(pageRequest(query), filtersOf(query));
  }

  @Get(':id')
  @Operation({
    summary: 'Read a grant',
    scope: 'registry:grants:read',
    answer: { schema: grantOutput, description: 'The grant.', examples: grantExamples },
    refusals: ['not_found'],
  })
  getGrant(@GrantId() id: string): Promise<NamedGrant> {
    return this.grants.one(id);
  }

  @Post(':id/approve')
  @Operation({
    summary: 'Approve a requested grant',
    description: 'Never by who requested it, nor by the client it is for.',
    scope: 'registry:grants:approve',
    body: { schema: reasonInput, examples: reasonExamples('Agreed with the shipments team') },
    answer: {
      schema: decidedGrantOutput,
      description: 'The grant, in force.',
      examples: decidedGrantExamples('active'),
    },
    mayRevoke: true,
    refusals: ['not_found', 'invalid_transition', 'client_retired', 'own_request', 'scope_not_held'],
  })
  approveGrant(
    @GrantId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<DecidedGrant> {
    return this.decisions.decide(id, 'approve', reason, mutation);
  }

  @Post(':id/reject')
  @Operation({
    summary: 'Reject a requested grant',
    description: 'Who requested it takes it back by revoking it.',
    scope: 'registry:grants:approve',
    body: { schema: reasonInput, examples: reasonExamples('Not covered by the contract') },
    answer: {
      schema: decidedGrantOutput,
      description: 'The grant, rejected.',
      examples: decidedGrantExamples('rejected'),
    },
    refusals: ['not_found', 'invalid_transition', 'client_retired', 'own_request', 'scope_not_held'],
  })
  rejectGrant(
    @GrantId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<DecidedGrant> {
    return this.decisions.decide(id, 'reject', reason, mutation);
  }

  @Post(':id/revoke')
  @Operation({
    summary: 'Revoke a grant',
    description: 'Warns when a token request without `resource` gets something else afterwards.',
    scope: 'registry:grants:write',
    body: { schema: reasonInput, examples: reasonExamples('No longer needed') },
    answer: {
      schema: decidedGrantOutput,
      description: 'The grant, revoked.',
      examples: decidedGrantExamples('revoked'),
    },
    mayRevoke: true,
    refusals: ['not_found', 'invalid_transition', 'client_retired', 'last_operator', 'registry_client_needed'],
  })
  revokeGrant(
    @GrantId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<DecidedGrant> {
    return this.decisions.decide(id, 'revoke', reason, mutation);
  }
}
