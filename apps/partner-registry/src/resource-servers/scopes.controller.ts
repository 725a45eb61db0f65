import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
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
import { MERGE_PATCH } from '../http/request-bodies.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation, Replacement } from '../mutations/mutation.decorator.js';
import { ChangeScopes } from './change-scopes.js';
import { ReadResourceServers } from './read-resource-servers.js';
import { newScopeExamples, scopeExamples, scopePatchExamples } from './resource-server.examples.js';
import { newScope, scopeOutput, scopePatch, type NewScope, type ScopePatch } from './resource-server.schema.js';
import type { Scope } from '../records/scope.entity.js';

const ServerId = () => Param('id', new IdentifierPipe('rsv'));
const ScopeId = () => Param('id', new IdentifierPipe('scp'));

@ApiTags('resource servers')
@ApiProblem(404, '`not_found`')
@Controller('v1')
@OnListener('mtls')
export class ScopesController {
  constructor(
    private readonly changes: ChangeScopes,
    private readonly resourceServers: ReadResourceServers,
  ) {}

  @Post('resource-servers/:id/scopes')
  @RequireScope('registry:resource-servers:write')
  @ApiOperation({ summary: 'Add a scope', description: 'Scope `registry:resource-servers:write`' })
  @ApiJsonBody({ schema: newScope, examples: newScopeExamples })
  @ApiJson({ status: 201, schema: scopeOutput, description: 'The scope.', examples: scopeExamples })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(409, '`scope_taken`')
  addScope(
    @ServerId() id: string,
    @Body({ schema: newScope }) body: NewScope,
    @Mutation() mutation: MutationContext,
  ): Promise<Scope> {
    return this.changes.add(id, body, mutation);
  }

  @Get('scopes/:id')
  @RequireScope('registry:resource-servers:read')
  @ApiOperation({ summary: 'Read a scope', description: 'Scope `registry:resource-servers:read`' })
  @ApiJson({ status: 200, schema: scopeOutput, description: 'The scope.', examples: scopeExamples })
  getScope(@ScopeId() id: string): Promise<Scope> {
    return this.resourceServers.scope(id);
  }

  @Patch('scopes/:id')
  @RequireScope('registry:resource-servers:write')
  @ApiOperation({
    summary: 'Change a scope',
    description: 'Scope `registry:resource-servers:write`. What was granted stays granted.',
  })
  @ApiConsumes(MERGE_PATCH)
  @ApiJsonBody({ schema: scopePatch, examples: scopePatchExamples })
  @ApiJson({ status: 200, schema: scopeOutput, description: 'The scope as it is now.', examples: scopeExamples })
  @ApiProblem(400, '`invalid_request`')
  changeScope(
    @ScopeId() id: string,
    @Body({ schema: scopePatch }) patch: ScopePatch,
    @Replacement() mutation: MutationContext,
  ): Promise<Scope> {
    return this.changes.change(id, patch, mutation);
  }
}
