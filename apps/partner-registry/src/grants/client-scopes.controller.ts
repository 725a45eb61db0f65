import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiJsonBody, ApiOperation, ApiProblem, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { pageExamples } from '../conventions/examples.js';
import { pageQuery, pageRequest, type Page, type PageQuery } from '../conventions/page.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import { MayRevoke } from '../mutations/may-revoke.decorator.js';
import type { MutationContext } from '../mutations/mutation-context.js';
import { Mutation } from '../mutations/mutation.decorator.js';
import { GrantClientScopes } from './grant-client-scopes.js';
import type { NamedGrant } from './grant.repository.js';
import {
  grantExamples,
  grantPageOutput,
  grantsOutput,
  newGrants,
  newGrantsExamples,
  type NewGrants,
} from './grant.schema.js';
import { ReadGrants } from './read-grants.js';

const ClientId = () => Param('id', new IdentifierPipe('cli'));

@ApiTags('grants')
@ApiProblem(401, 'No token, or one that is not valid over this connection')
@ApiProblem(403, 'The token lacks a scope')
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
    schema: grantsOutput,
    description:
      'The grants asked for: active, or requested where the scope needs approval. Granting again changes nothing but valid_until; without one a grant has no end.',
    examples: { one: { summary: 'One grant', value: { items: [grantExamples.active.value] } } },
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`client_retired`, `approval_pending`, `last_operator`, `registry_client_needed`')
  @ApiProblem(422, '`unknown_audience`, `unknown_scope`, `environment_mismatch`')
  grantScopes(
    @ClientId() id: string,
    @Body({ schema: newGrants }) body: NewGrants,
    @Mutation() mutation: MutationContext,
  ): Promise<{ items: NamedGrant[] }> {
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
