import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiJsonBody, ApiOperation, ApiProblem, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { pageExamples } from '../http/examples.js';
import { pageQuery, pageRequest, type Page, type PageQuery } from '../http/page.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import { MayRevoke } from '../mutations/may-revoke.decorator.js';
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
  @RequireScope('registry:grants:write')
  @ApiOperation({ summary: 'Grant scopes to a client', description: 'Scope `registry:grants:write`' })
  @ApiJsonBody({ schema: newGrants, examples: newGrantsExamples })
  @MayRevoke(201)
  @ApiJson({
    status: 201,
    schema: newGrantsOutput,
    description:
      'The grants asked for: active, or requested where the scope needs approval. Granting again changes nothing but valid_until; without one a grant has no end. The first one sets the client’s default_resource; a later one for another API warns if a token request without resource gets something else.',
    examples: newGrantsAnswers,
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`client_retired`, `approval_pending`, `last_operator`, `registry_client_needed`')
  @ApiProblem(422, '`unknown_audience`, `unknown_scope`, `environment_mismatch`')
  @ApiProblem(403, '`scope_not_held`')
  grantScopes(
    @ClientId() id: string,
    @Body({ schema: newGrants }) body: NewGrants,
    @Mutation() mutation: MutationContext,
  ): Promise<GrantedScopes> {
    return this.granting.grant(id, body, mutation);
  }

  @Get()
  @RequireScope('registry:grants:read')
  @ApiOperation({ summary: 'List the grants of a client', description: 'Scope `registry:grants:read`' })
  @ApiJson({
    status: 200,
    schema: grantPageOutput,
    description: 'A page of the client’s grants, oldest first.',
    examples: pageExamples(grantExamples),
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  listGrants(@ClientId() id: string, @Query({ schema: pageQuery }) query: PageQuery): Promise<Page<NamedGrant>> {
    return this.grants.pageOfClient(id, pageRequest(query));
  }
}
