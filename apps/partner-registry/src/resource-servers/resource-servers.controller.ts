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
import { pageExamples } from '../http/examples.js';
import { filtersOf } from '../http/filters.js';
import { pageRequest, type Page } from '../http/page.js';
import { MERGE_PATCH } from '../http/request-bodies.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation, Replacement } from '../mutations/mutation.decorator.js';
import { Mutations } from '../mutations/mutations.js';
import { ChangeResourceServer } from './change-resource-server.js';
import { ReadResourceServers } from './read-resource-servers.js';
import { RegisterResourceServer, type ResourceServerWithScopes } from './register-resource-server.js';
import {
  newResourceServerExamples,
  resourceServerExamples,
  resourceServerPatchExamples,
} from './resource-server.examples.js';
import {
  newResourceServer,
  resourceServerOutput,
  resourceServerPageOutput,
  resourceServerPatch,
  resourceServerQuery,
  type NewResourceServer,
  type ResourceServerPatch,
  type ResourceServerQuery,
} from './resource-server.schema.js';

const ServerId = () => Param('id', new IdentifierPipe('rsv'));

@ApiTags('resource servers')
@Controller('v1/resource-servers')
@OnListener('mtls')
export class ResourceServersController {
  constructor(
    private readonly mutations: Mutations,
    private readonly registration: RegisterResourceServer,
    private readonly changes: ChangeResourceServer,
    private readonly resourceServers: ReadResourceServers,
  ) {}

  @Post()
  @RequireScope('registry:resource-servers:write')
  @ApiOperation({ summary: 'Register a resource server', description: 'Scope `registry:resource-servers:write`' })
  @ApiJsonBody({ schema: newResourceServer, examples: newResourceServerExamples })
  @ApiJson({
    status: 201,
    schema: resourceServerOutput,
    description: 'The resource server and its scopes.',
    examples: resourceServerExamples,
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(409, '`audience_taken`')
  registerResourceServer(
    @Body({ schema: newResourceServer }) body: NewResourceServer,
    @Mutation() context: MutationContext,
  ): Promise<ResourceServerWithScopes> {
    return this.mutations.run(context, (mutation) => this.registration.register(mutation, body));
  }

  @Get()
  @RequireScope('registry:resource-servers:read')
  @ApiOperation({ summary: 'List resource servers', description: 'Scope `registry:resource-servers:read`' })
  @ApiJson({
    status: 200,
    schema: resourceServerPageOutput,
    description: 'A page of resource servers, oldest first.',
    examples: pageExamples(resourceServerExamples),
  })
  @ApiProblem(400, '`invalid_request`')
  listResourceServers(
    @Query({ schema: resourceServerQuery }) query: ResourceServerQuery,
  ): Promise<Page<ResourceServerWithScopes>> {
    return this.resourceServers.page(pageRequest(query), filtersOf(query));
  }

  @Get(':id')
  @RequireScope('registry:resource-servers:read')
  @ApiOperation({ summary: 'Read a resource server', description: 'Scope `registry:resource-servers:read`' })
  @ApiJson({
    status: 200,
    schema: resourceServerOutput,
    description: 'The resource server and its scopes.',
    examples: resourceServerExamples,
  })
  @ApiProblem(404, '`not_found`')
  getResourceServer(@ServerId() id: string): Promise<ResourceServerWithScopes> {
    return this.resourceServers.one(id);
  }

  @Patch(':id')
  @RequireScope('registry:resource-servers:write')
  @ApiOperation({ summary: 'Change a resource server', description: 'Scope `registry:resource-servers:write`' })
  @ApiConsumes(MERGE_PATCH)
  @ApiJsonBody({ schema: resourceServerPatch, examples: resourceServerPatchExamples })
  @ApiJson({
    status: 200,
    schema: resourceServerOutput,
    description: 'The resource server as it is now.',
    examples: resourceServerExamples,
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(422, '`algorithm_not_offered`')
  changeResourceServer(
    @ServerId() id: string,
    @Body({ schema: resourceServerPatch }) patch: ResourceServerPatch,
    @Replacement() mutation: MutationContext,
  ): Promise<ResourceServerWithScopes> {
    return this.changes.change(id, patch, mutation);
  }
}
