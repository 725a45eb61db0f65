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
import { exampleAs, pageExamples } from '../http/examples.js';
import { filtersOf } from '../http/filters.js';
import { pageRequest, type Page } from '../http/page.js';
import { MERGE_PATCH } from '../http/request-bodies.js';
import { reasonExamples, reasonInput, type ReasonInput } from '../http/fields.schema.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import { MayRevoke } from '../mutations/may-revoke.decorator.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Action, Mutation, Replacement } from '../mutations/mutation.decorator.js';
import { ChangeClient } from './change-client.js';
import { ChangeClientStatus } from './change-client-status.js';
import type { Client } from '../records/client.entity.js';
import { clientExamples, clientPatchExamples, newClientExamples } from './client.examples.js';
import {
  clientOutput,
  clientPageOutput,
  clientPatch,
  clientQuery,
  newClient,
  writtenClientOutput,
  type ClientPatch,
  type ClientQuery,
  type NewClient,
  type WrittenClient,
} from './client.schema.js';
import { ReadClients } from './read-clients.js';
import { RegisterClient } from './register-client.js';
import { RetireClient } from './retire-client.js';

const ClientId = () => Param('id', new IdentifierPipe('cli'));

@ApiTags('clients')
@Controller('v1/clients')
@OnListener('mtls')
export class ClientsController {
  constructor(
    private readonly registration: RegisterClient,
    private readonly changes: ChangeClient,
    private readonly status: ChangeClientStatus,
    private readonly retirement: RetireClient,
    private readonly clients: ReadClients,
  ) {}

  @Post()
  @RequireScope('registry:clients:write')
  @ApiOperation({ summary: 'Register a client', description: 'Scope `registry:clients:write`' })
  @ApiJsonBody({ schema: newClient, examples: newClientExamples })
  @ApiJson({
    status: 201,
    schema: writtenClientOutput,
    description:
      'The client: a draft until it is activated; sandbox unless told otherwise. Keys of a jwks that are of no use here are passed over, and warnings say which.',
    examples: exampleAs('A new client', clientExamples, {
      status: 'draft',
      status_reason: null,
      version: 1,
      warnings: [],
    }),
  })
  @ApiProblem(400, '`invalid_request`, `fields_of_method`')
  @ApiProblem(409, '`partner_offboarded`, `key_in_use`, `certificate_revoked`')
  @ApiProblem(
    422,
    '`unknown_partner`, `unknown_audience`, `environment_mismatch`, `certificate_refused`, `identity_incomplete`',
  )
  registerClient(
    @Body({ schema: newClient }) body: NewClient,
    @Mutation() mutation: MutationContext,
  ): Promise<WrittenClient> {
    return this.registration.register(body, mutation);
  }

  @Get()
  @RequireScope('registry:clients:read')
  @ApiOperation({ summary: 'List clients', description: 'Scope `registry:clients:read`' })
  @ApiJson({
    status: 200,
    schema: clientPageOutput,
    description: 'A page of clients, oldest first.',
    examples: pageExamples(clientExamples),
  })
  @ApiProblem(400, '`invalid_request`')
  listClients(@Query({ schema: clientQuery }) query: ClientQuery): Promise<Page<Client>> {
    return this.clients.page(pageRequest(query), filtersOf(query));
  }

  @Get(':id')
  @RequireScope('registry:clients:read')
  @ApiOperation({ summary: 'Read a client', description: 'Scope `registry:clients:read`' })
  @ApiJson({ status: 200, schema: clientOutput, description: 'The client.', examples: clientExamples })
  @ApiProblem(404, '`not_found`')
  getClient(@ClientId() id: string): Promise<Client> {
    return this.clients.one(id);
  }

  @Patch(':id')
  @RequireScope('registry:clients:write')
  @ApiOperation({
    summary: 'Change a client',
    description:
      'Scope `registry:clients:write`. A change of subject value, keys or policy ends the tokens issued until then. Warns when a token request without `resource` gets something else afterwards.',
  })
  @ApiConsumes(MERGE_PATCH)
  @ApiJsonBody({ schema: clientPatch, examples: clientPatchExamples })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: writtenClientOutput,
    description: 'The client as it is now.',
    examples: exampleAs('The client', clientExamples, { warnings: [] }),
  })
  @ApiProblem(400, '`invalid_request`, `fields_of_method`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(
    409,
    '`client_retired`, `subject_in_use`, `identity_taken`, `key_in_use`, `last_operator`, `registry_client_needed`, `certificate_revoked`',
  )
  @ApiProblem(422, '`unknown_audience`, `environment_mismatch`, `identity_incomplete`, `certificate_refused`')
  @ApiProblem(403, '`scope_not_held`')
  changeClient(
    @ClientId() id: string,
    @Body({ schema: clientPatch }) patch: ClientPatch,
    @Replacement() mutation: MutationContext,
  ): Promise<WrittenClient> {
    return this.changes.change(id, patch, mutation);
  }

  @Post(':id/activate')
  @RequireScope('registry:clients:write')
  @ApiOperation({ summary: 'Activate a client', description: 'Scope `registry:clients:write`' })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Tests passed') })
  @ApiJson({
    status: 200,
    schema: clientOutput,
    description: 'The client, now active. It is usable when its partner is active too.',
    examples: clientExamples,
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`, `client_incomplete`')
  activateClient(
    @ClientId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<Client> {
    return this.status.change(id, 'activate', reason, mutation);
  }

  @Post(':id/suspend')
  @RequireScope('registry:clients:write')
  @ApiOperation({ summary: 'Suspend a client', description: 'Scope `registry:clients:write`' })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Unusual traffic') })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: clientOutput,
    description: 'The client, suspended: it gets no more tokens.',
    examples: exampleAs('A suspended client', clientExamples, {
      status: 'suspended',
      status_reason: 'Unusual traffic',
      version: 4,
    }),
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`, `last_operator`, `registry_client_needed`')
  suspendClient(
    @ClientId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<Client> {
    return this.status.change(id, 'suspend', reason, mutation);
  }

  @Post(':id/reinstate')
  @RequireScope('registry:clients:write')
  @ApiOperation({ summary: 'Reinstate a client', description: 'Scope `registry:clients:write`' })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Explained by a migration') })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: clientOutput,
    description: 'The client, active again.',
    examples: exampleAs('Active again', clientExamples, { status_reason: 'Explained by a migration', version: 5 }),
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`')
  reinstateClient(
    @ClientId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<Client> {
    return this.status.change(id, 'reinstate', reason, mutation);
  }

  @Post(':id/retire')
  @RequireScope('registry:clients:write')
  @ApiOperation({ summary: 'Retire a client', description: 'Scope `registry:clients:write`. Cannot be undone.' })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Replaced by the new importer') })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: clientOutput,
    description: 'The client, retired: its certificates are revoked, its grants taken back.',
    examples: exampleAs('A retired client', clientExamples, {
      status: 'retired',
      status_reason: 'Replaced by another system',
      version: 6,
    }),
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`, `last_operator`, `registry_client_needed`')
  retireClient(
    @ClientId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<Client> {
    return this.retirement.retire(id, reason, mutation);
  }
}
