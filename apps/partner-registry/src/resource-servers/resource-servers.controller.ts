import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { pageExamples } from '../http/examples.js';
import { filtersOf } from '../http/filters.js';
import { pageRequest, type Page } from '../http/page.js';
import { MERGE_PATCH } from '../http/request-bodies.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation, VersionedMutation } from '../mutations/mutation.decorator.js';
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
  @Operation({
    summary: 'Register a resource server',
    scope: 'registry:resource-servers:write',
    body: { schema: newResourceServer, examples: newResourceServerExamples },
    answer: {
      status: 201,
      schema: resourceServerOutput,
      description: 'The resource server and its scopes.',
      examples: resourceServerExamples,
    },
    refusals: ['audience_taken'],
  })
  registerResourceServer(
    @Body({ schema: newResourceServer }) body: NewResourceServer,
    @Mutation() context: MutationContext,
  ): Promise<ResourceServerWithScopes> {
    return this.mutations.run(context, (mutation) => this.registration.register(mutation, body));
  }

  @Get()
  @Operation({
    summary: 'List resource servers',
    scope: 'registry:resource-servers:read',
    answer: {
      schema: resourceServerPageOutput,
      description: 'A page of resource servers, oldest first.',
      examples: pageExamples(resourceServerExamples),
    },
  })
  listResourceServers(
    @Query({ schema: resourceServerQuery }) query: ResourceServerQuery,
  ): Promise<Page<ResourceServerWithScopes>> {
    return this.resourceServers.page(pageRequest(query), filtersOf(query));
  }

  @Get(':id')
  @Operation({
    summary: 'Read a resource server',
    scope: 'registry:resource-servers:read',
    answer: {
      schema: resourceServerOutput,
      description: 'The resource server and its scopes.',
      examples: resourceServerExamples,
    },
    refusals: ['not_found'],
  })
  getResourceServer(@ServerId() id: string): Promise<ResourceServerWithScopes> {
    return this.resourceServers.one(id);
  }

  @Patch(':id')
  @Operation({
    summary: 'Change a resource server',
    scope: 'registry:resource-servers:write',
    body: { type: MERGE_PATCH, schema: resourceServerPatch, examples: resourceServerPatchExamples },
    answer: {
      schema: resourceServerOutput,
      description: 'The resource server as it is now.',
      examples: resourceServerExamples,
    },
    refusals: ['not_found', 'algorithm_not_offered'],
  })
  changeResourceServer(
    @ServerId() id: string,
    @Body({ schema: resourceServerPatch }) patch: ResourceServerPatch,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<ResourceServerWithScopes> {
    return this.changes.change(id, patch, mutation);
  }
}
