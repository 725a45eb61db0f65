import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation, VersionedMutation } from '../mutations/mutation.decorator.js';
import { ChangeServerClients } from './change-server-clients.js';
import { ReadResourceServers } from './read-resource-servers.js';
import type { ResourceServerClient } from '../records/resource-server-client.entity.js';
import { newServerClientExamples, serverClientExamples } from './resource-server.examples.js';
import {
  newServerClient,
  serverClientOutput,
  serverClientsOutput,
  type NewServerClient,
} from './resource-server.schema.js';

const ServerId = () => Param('id', new IdentifierPipe('rsv'));

@ApiTags('resource servers')
@Controller('v1/resource-servers/:id/clients')
@OnListener('mtls')
export class ServerClientsController {
  constructor(
    private readonly changes: ChangeServerClients,
    private readonly resourceServers: ReadResourceServers,
  ) {}

  @Get()
  @Operation({
    summary: 'List the clients of a resource server',
    description: 'Those that may introspect its tokens or follow revocations.',
    scope: 'registry:resource-servers:read',
    answer: {
      schema: serverClientsOutput,
      description: 'All of them.',
      examples: { links: { summary: 'All of them', value: { items: [serverClientExamples.api.value] } } },
    },
    refusals: ['not_found'],
  })
  listServerClients(@ServerId() id: string): Promise<{ items: ResourceServerClient[] }> {
    return this.resourceServers.clientsOf(id);
  }

  @Post()
  @Operation({
    summary: 'Link a client to a resource server',
    description:
      'Linking again sets what it may do. `may_introspect` lets it ask the token service about tokens for this server. `may_follow_revocations` says that it is meant to; what lets it is a grant of `revocations:read` for the token service, which takes `registry:operators:write`.',
    scope: 'registry:resource-servers:write',
    body: { schema: newServerClient, examples: newServerClientExamples },
    answer: { status: 201, schema: serverClientOutput, description: 'The link.', examples: serverClientExamples },
    refusals: ['not_found', 'client_retired', 'unknown_client', 'environment_mismatch'],
  })
  linkServerClient(
    @ServerId() id: string,
    @Body({ schema: newServerClient }) body: NewServerClient,
    @Mutation() mutation: MutationContext,
  ): Promise<ResourceServerClient> {
    return this.changes.link(id, body, mutation);
  }

  @Delete(':client')
  @Operation({
    summary: 'Unlink a client from a resource server',
    description: 'What lets it follow the revocations is its grant of `revocations:read`, which is revoked on its own.',
    scope: 'registry:resource-servers:write',
    noContent: 'It may ask about the tokens of this server no more.',
    refusals: ['not_found'],
  })
  unlinkServerClient(
    @ServerId() id: string,
    @Param('client', new IdentifierPipe('cli')) clientId: string,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<void> {
    return this.changes.unlink(id, clientId, mutation);
  }
}
