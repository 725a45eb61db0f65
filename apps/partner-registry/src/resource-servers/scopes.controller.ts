import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { MERGE_PATCH } from '../http/request-bodies.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation, VersionedMutation } from '../mutations/mutation.decorator.js';
import { ChangeScopes } from './change-scopes.js';
import { ReadResourceServers } from './read-resource-servers.js';
import { newScopeExamples, scopeExamples, scopePatchExamples } from './resource-server.examples.js';
import { newScope, scopeOutput, scopePatch, type NewScope, type ScopePatch } from './resource-server.schema.js';
import type { Scope } from '../records/scope.entity.js';

const ServerId = () => Param('id', new IdentifierPipe('rsv'));
const ScopeId = () => Param('id', new IdentifierPipe('scp'));

@ApiTags('resource servers')
@Controller('v1')
@OnListener('mtls')
export class ScopesController {
  constructor(
    private readonly changes: ChangeScopes,
    private readonly resourceServers: ReadResourceServers,
  ) {}

  @Post('resource-servers/:id/scopes')
  @Operation({
    summary: 'Add a scope',
    scope: 'registry:resource-servers:write',
    body: { schema: newScope, examples: newScopeExamples },
    answer: { status: 201, schema: scopeOutput, description: 'The scope.', examples: scopeExamples },
    refusals: ['not_found', 'scope_taken'],
  })
  addScope(
    @ServerId() id: string,
    @Body({ schema: newScope }) body: NewScope,
    @Mutation() mutation: MutationContext,
  ): Promise<Scope> {
    return this.changes.add(id, body, mutation);
  }

  @Get('scopes/:id')
  @Operation({
    summary: 'Read a scope',
    scope: 'registry:resource-servers:read',
    answer: { schema: scopeOutput, description: 'The scope.', examples: scopeExamples },
    refusals: ['not_found'],
  })
  getScope(@ScopeId() id: string): Promise<Scope> {
    return this.resourceServers.scope(id);
  }

  @Patch('scopes/:id')
  @Operation({
    summary: 'Change a scope',
    description: 'What was granted stays granted.',
    scope: 'registry:resource-servers:write',
    body: { type: MERGE_PATCH, schema: scopePatch, examples: scopePatchExamples },
    answer: { schema: scopeOutput, description: 'The scope as it is now.', examples: scopeExamples },
    refusals: ['not_found'],
  })
  changeScope(
    @ScopeId() id: string,
    @Body({ schema: scopePatch }) patch: ScopePatch,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<Scope> {
    return this.changes.change(id, patch, mutation);
  }
}
