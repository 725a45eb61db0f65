import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccessToken, RequireScope, type BoundToken } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiJsonBody, ApiProblem } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { pageRequest, type Page } from '../conventions/page.js';
import { reasonExamples, reasonInput, type ReasonInput } from '../conventions/fields.schema.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import { ChangeClientStatus } from './change-client-status.js';
import type { Client } from './client.entity.js';
import {
  clientOutput,
  clientPageOutput,
  clientQuery,
  newClient,
  newClientExamples,
  type ClientQuery,
  type NewClient,
} from './client.schema.js';
import { ReadClients } from './read-clients.js';
import { RegisterClient } from './register-client.js';

const ClientId = () => Param('id', new IdentifierPipe('cli'));

@ApiTags('clients')
@ApiProblem(401, 'No token, or one that is not valid over this connection')
@ApiProblem(403, 'The token lacks a scope')
@Controller('v1/clients')
@OnListener('mtls')
export class ClientsController {
  constructor(
    private readonly registration: RegisterClient,
    private readonly status: ChangeClientStatus,
    private readonly clients: ReadClients,
  ) {}

  @Post()
  @RequireScope('registry:clients:write')
  @ApiOperation({ summary: 'Register a client', description: 'Scope `registry:clients:write`' })
  @ApiJsonBody({ schema: newClient, examples: newClientExamples })
  @ApiJson({
    status: 201,
    schema: clientOutput,
    description: 'The client: a draft until it is activated; sandbox unless told otherwise.',
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(422, '`unknown_partner`, `unknown_audience`, `environment_mismatch`')
  registerClient(@Body({ schema: newClient }) body: NewClient, @AccessToken() token: BoundToken): Promise<Client> {
    return this.registration.register(body, token);
  }

  @Get()
  @RequireScope('registry:clients:read')
  @ApiOperation({ summary: 'List clients', description: 'Scope `registry:clients:read`' })
  @ApiJson({
    status: 200,
    schema: clientPageOutput,
    description: 'A page of clients, oldest first; of one partner if asked.',
  })
  @ApiProblem(400, '`invalid_request`')
  listClients(@Query({ schema: clientQuery }) query: ClientQuery): Promise<Page<Client>> {
    return this.clients.page(pageRequest(query), query.partner_id);
  }

  @Get(':id')
  @RequireScope('registry:clients:read')
  @ApiOperation({ summary: 'Read a client', description: 'Scope `registry:clients:read`' })
  @ApiJson({ status: 200, schema: clientOutput, description: 'The client.' })
  @ApiProblem(404, '`not_found`')
  getClient(@ClientId() id: string): Promise<Client> {
    return this.clients.one(id);
  }

  @Post(':id/activate')
  @RequireScope('registry:clients:write')
  @ApiOperation({ summary: 'Activate a client', description: 'Scope `registry:clients:write`' })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Tests passed') })
  @ApiJson({
    status: 200,
    schema: clientOutput,
    description: 'The client, now active. It is usable when its partner is active too.',
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`, `client_incomplete`')
  activateClient(
    @ClientId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @AccessToken() token: BoundToken,
  ): Promise<Client> {
    return this.status.change(id, 'activate', reason, token);
  }

  @Post(':id/suspend')
  @RequireScope('registry:clients:write')
  @ApiOperation({ summary: 'Suspend a client', description: 'Scope `registry:clients:write`' })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Unusual traffic') })
  @ApiJson({ status: 200, schema: clientOutput, description: 'The client, suspended: it gets no more tokens.' })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`')
  suspendClient(
    @ClientId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @AccessToken() token: BoundToken,
  ): Promise<Client> {
    return this.status.change(id, 'suspend', reason, token);
  }

  @Post(':id/reinstate')
  @RequireScope('registry:clients:write')
  @ApiOperation({ summary: 'Reinstate a client', description: 'Scope `registry:clients:write`' })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Explained by a migration') })
  @ApiJson({ status: 200, schema: clientOutput, description: 'The client, active again.' })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`')
  reinstateClient(
    @ClientId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @AccessToken() token: BoundToken,
  ): Promise<Client> {
    return this.status.change(id, 'reinstate', reason, token);
  }
}
