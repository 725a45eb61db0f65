import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccessToken, RequireScope, type BoundToken } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiJsonBody, ApiProblem } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { pageQuery, pageRequest, type Page, type PageQuery } from '../conventions/page.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import { GrantClientScopes } from './grant-client-scopes.js';
import type { NamedGrant } from './grant.repository.js';
import { grantPageOutput, grantsOutput, newGrants, newGrantsExamples, type NewGrants } from './grant.schema.js';
import { ReadGrants } from './read-grants.js';

const ClientId = () => Param('id', new IdentifierPipe('cli'));

@ApiTags('grants')
@ApiProblem(401, 'No token, or one that is not valid over this connection')
@ApiProblem(403, 'The token lacks a scope')
@Controller('v1/clients/:id/scopes')
@OnListener('mtls')
export class GrantsController {
  constructor(
    private readonly granting: GrantClientScopes,
    private readonly grants: ReadGrants,
  ) {}

  @Post()
  @RequireScope('registry:grants:write')
  @ApiOperation({ summary: 'Grant scopes to a client', description: 'Scope `registry:grants:write`' })
  @ApiJsonBody({ schema: newGrants, examples: newGrantsExamples })
  @ApiJson({
    status: 201,
    schema: grantsOutput,
    description:
      'The grants asked for. Granting again changes nothing but valid_until; without one a grant has no end.',
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(422, '`unknown_audience`, `unknown_scope`, `environment_mismatch`')
  async grantScopes(
    @ClientId() id: string,
    @Body({ schema: newGrants }) body: NewGrants,
    @AccessToken() token: BoundToken,
  ): Promise<{ items: NamedGrant[] }> {
    return { items: await this.granting.grant(id, body, token) };
  }

  @Get()
  @RequireScope('registry:grants:read')
  @ApiOperation({ summary: 'List the grants of a client', description: 'Scope `registry:grants:read`' })
  @ApiJson({ status: 200, schema: grantPageOutput, description: 'A page of the client’s grants, oldest first.' })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  listGrants(@ClientId() id: string, @Query({ schema: pageQuery }) query: PageQuery): Promise<Page<NamedGrant>> {
    return this.grants.pageOfClient(id, pageRequest(query));
  }
}
