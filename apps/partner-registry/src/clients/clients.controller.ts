import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { exampleAs, pageExamples } from '../http/examples.js';
import { filtersOf } from '../http/filters.js';
import { pageRequest, type Page } from '../http/page.js';
import { MERGE_PATCH } from '../http/request-bodies.js';
import { reasonExamples, reasonInput, type ReasonInput } from '../http/fields.schema.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation, VersionedMutation } from '../mutations/mutation.decorator.js';
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
  @Operation({
    summary: 'Register a client',
    scope: 'registry:clients:write',
    body: { schema: newClient, examples: newClientExamples },
    answer: {
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
    },
    refusals: [
      'fields_of_method',
      'partner_offboarded',
      'key_in_use',
      'certificate_revoked',
      'unknown_partner',
      'unknown_audience',
      'environment_mismatch',
      'certificate_refused',
      'identity_incomplete',
    ],
  })
  registerClient(
    @Body({ schema: newClient }) body: NewClient,
    @Mutation() mutation: MutationContext,
  ): Promise<WrittenClient> {
    return this.registration.register(body, mutation);
  }

  @Get()
  @Operation({
    summary: 'List clients',
    scope: 'registry:clients:read',
    answer: {
      schema: clientPageOutput,
      description: 'A page of clients, oldest first.',
      examples: pageExamples(clientExamples),
    },
  })
  listClients(@Query({ schema: clientQuery }) query: ClientQuery): Promise<Page<Client>> {
    return this.clients.page(pageRequest(query), filtersOf(query));
  }

  @Get(':id')
  @Operation({
    summary: 'Read a client',
    scope: 'registry:clients:read',
    answer: { schema: clientOutput, description: 'The client.', examples: clientExamples },
    refusals: ['not_found'],
  })
  getClient(@ClientId() id: string): Promise<Client> {
    return this.clients.one(id);
  }

  @Patch(':id')
  @Operation({
    summary: 'Change a client',
    description:
      'A change of subject value, keys or policy ends the tokens issued until then. Warns when a token request without `resource` gets something else afterwards.',
    scope: 'registry:clients:write',
    body: { type: MERGE_PATCH, schema: clientPatch, examples: clientPatchExamples },
    answer: {
      schema: writtenClientOutput,
      description: 'The client as it is now.',
      examples: exampleAs('The client', clientExamples, { warnings: [] }),
    },
    mayRevoke: true,
    refusals: [
      'fields_of_method',
      'not_found',
      'client_retired',
      'subject_in_use',
      'identity_taken',
      'key_in_use',
      'last_operator',
      'registry_client_needed',
      'certificate_revoked',
      'unknown_audience',
      'environment_mismatch',
      'identity_incomplete',
      'certificate_refused',
      'scope_not_held',
    ],
  })
  changeClient(
    @ClientId() id: string,
    @Body({ schema: clientPatch }) patch: ClientPatch,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<WrittenClient> {
    return this.changes.change(id, patch, mutation);
  }

  @Post(':id/activate')
  @Operation({
    summary: 'Activate a client',
    scope: 'registry:clients:write',
    body: { schema: reasonInput, examples: reasonExamples('Tests passed') },
    answer: {
      schema: clientOutput,
      description: 'The client, now active. It is usable when its partner is active too.',
      examples: clientExamples,
    },
    refusals: ['not_found', 'invalid_transition', 'client_incomplete'],
  })
  activateClient(
    @ClientId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<Client> {
    return this.status.change(id, 'activate', reason, mutation);
  }

  @Post(':id/suspend')
  @Operation({
    summary: 'Suspend a client',
    scope: 'registry:clients:write',
    body: { schema: reasonInput, examples: reasonExamples('Unusual traffic') },
    answer: {
      schema: clientOutput,
      description: 'The client, suspended: it gets no more tokens.',
      examples: exampleAs('A suspended client', clientExamples, {
        status: 'suspended',
        status_reason: 'Unusual traffic',
        version: 4,
      }),
    },
    mayRevoke: true,
    refusals: ['not_found', 'invalid_transition', 'last_operator', 'registry_client_needed'],
  })
  suspendClient(
    @ClientId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<Client> {
    return this.status.change(id, 'suspend', reason, mutation);
  }

  @Post(':id/reinstate')
  @Operation({
    summary: 'Reinstate a client',
    scope: 'registry:clients:write',
    body: { schema: reasonInput, examples: reasonExamples('Explained by a migration') },
    answer: {
      schema: clientOutput,
      description: 'The client, active again.',
      examples: exampleAs('Active again', clientExamples, { status_reason: 'Explained by a migration', version: 5 }),
    },
    mayRevoke: true,
    refusals: ['not_found', 'invalid_transition'],
  })
  reinstateClient(
    @ClientId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<Client> {
    return this.status.change(id, 'reinstate', reason, mutation);
  }

  @Post(':id/retire')
  @Operation({
    summary: 'Retire a client',
    description: 'Cannot be undone.',
    scope: 'registry:clients:write',
    body: { schema: reasonInput, examples: reasonExamples('Replaced by the new importer') },
    answer: {
      schema: clientOutput,
      description: 'The client, retired: its certificates are revoked, its grants taken back.',
      examples: exampleAs('A retired client', clientExamples, {
        status: 'retired',
        status_reason: 'Replaced by another system',
        version: 6,
      }),
    },
    mayRevoke: true,
    refusals: ['not_found', 'invalid_transition', 'last_operator', 'registry_client_needed'],
  })
  retireClient(
    @ClientId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<Client> {
    return this.retirement.retire(id, reason, mutation);
  }
}
