import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { pageExamples } from '../http/examples.js';
import { pageQuery, pageRequest, type Page, type PageQuery } from '../http/page.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation } from '../mutations/mutation.decorator.js';
import { GrantClientScopes, type GrantedScopes } from './grant-client-scopes.js';
import type { NamedGrant } from '../records/grant.repository.js';
import {
  grantExamples,
  grantPageOutput,
  newGrantsAnswers,
  newGrantsOutput,
  newGrants,
  newGrantsExamples,
  type NewGrants,
} from './grant.schema.js';
import { ReadGrants } from './read-grants.js';

const ClientId = () => Param('id', new IdentifierPipe('cli'));

@ApiTags('grants')
@Controller('v1/clients/:id/scopes')
@OnListener('mtls')
export class ClientScopesController {
  constructor(
    private readonly granting: GrantClientScopes,
    private readonly grants: ReadGrants,
  ) {}

  @Post()
  @Operation({
    summary: 'Grant scopes to a client',
    scope: 'registry:grants:write',
    body: { schema: newGrants, examples: newGrantsExamples },
    answer: {
      status: 201,
      schema: newGrantsOutput,
      description:
        'The grants asked for: active, or requested where the scope needs approval. Granting again changes nothing but valid_until; without one a grant has no end. The first one sets the client’s default_resource; a later one for another API warns if a token request without resource gets something else.',
      examples: newGrantsAnswers,
    },
    mayRevoke: true,
    refusals: [
      'not_found',
      'client_retired',
      'approval_pending',
      'last_operator',
      'registry_client_needed',
      'unknown_audience',
      'unknown_scope',
      'environment_mismatch',
      'scope_not_held',
    ],
  })
  grantScopes(
    @ClientId() id: string,
    @Body({ schema: newGrants }) body: NewGrants,
    @Mutation() mutation: MutationContext,
  ): Promise<GrantedScopes> {
    return this.granting.grant(id, body, mutation);
  }

  @Get()
  @Operation({
    summary: 'List the grants of a client',
    scope: 'registry:grants:read',
    answer: {
      schema: grantPageOutput,
      description: 'A page of the client’s grants, oldest first.',
      examples: pageExamples(grantExamples),
    },
    refusals: ['not_found'],
  })
  listGrants(@ClientId() id: string, @Query({ schema: pageQuery }) query: PageQuery): Promise<Page<NamedGrant>> {
    return this.grants.pageOfClient(id, pageRequest(query));
  }
}
