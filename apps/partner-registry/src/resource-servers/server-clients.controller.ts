import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import {
  ApiJson,
  ApiJsonBody,
  ApiNoContentResponse,
  ApiOperation,
  ApiProblem,
  ApiTags,
} from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation, Replacement } from '../mutations/mutation.decorator.js';
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
@ApiProblem(404, '`not_found`')
@Controller('v1/resource-servers/:id/clients')
@OnListener('mtls')
export class ServerClientsController {
  constructor(
    private readonly changes: ChangeServerClients,
    private readonly resourceServers: ReadResourceServers,
  ) {}

  @Get()
  @RequireScope('registry:resource-servers:read')
  @ApiOperation({
    summary: 'List the clients of a resource server',
    description: 'Scope `registry:resource-servers:read`. Those that may introspect its tokens or follow revocations.',
  })
  @ApiJson({
    status: 200,
    schema: serverClientsOutput,
    description: 'All of them.',
    examples: { links: { summary: 'All of them', value: { items: [serverClientExamples.api.value] } } },
  })
  listServerClients(@ServerId() id: string): Promise<{ items: ResourceServerClient[] }> {
    return this.resourceServers.clientsOf(id);
  }

  @Post()
  @RequireScope('registry:resource-servers:write')
  @ApiOperation({
    summary: 'Link a client to a resource server',
    description:
      'Scope `registry:resource-servers:write`. Linking again sets what it may do. `may_introspect` lets it ask the token service about tokens for this server. `may_follow_revocations` says that it is meant to; what lets it is a grant of `revocations:read` for the token service, which takes `registry:operators:write`.',
  })
  @ApiJsonBody({ schema: newServerClient, examples: newServerClientExamples })
  @ApiJson({ status: 201, schema: serverClientOutput, description: 'The link.', examples: serverClientExamples })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(409, '`client_retired`')
  @ApiProblem(422, '`unknown_client`, `environment_mismatch`')
  linkServerClient(
    @ServerId() id: string,
    @Body({ schema: newServerClient }) body: NewServerClient,
    @Mutation() mutation: MutationContext,
  ): Promise<ResourceServerClient> {
    return this.changes.link(id, body, mutation);
  }

  @Delete(':client')
  @RequireScope('registry:resource-servers:write')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Unlink a client from a resource server',
    description:
      'Scope `registry:resource-servers:write`. What lets it follow the revocations is its grant of `revocations:read`, which is revoked on its own.',
  })
  @ApiNoContentResponse({ description: 'It may ask about the tokens of this server no more.' })
  unlinkServerClient(
    @ServerId() id: string,
    @Param('client', new IdentifierPipe('cli')) clientId: string,
    @Replacement() mutation: MutationContext,
  ): Promise<void> {
    return this.changes.unlink(id, clientId, mutation);
  }
}
