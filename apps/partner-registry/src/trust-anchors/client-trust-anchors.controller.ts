import { Body, Controller, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiJsonBody, ApiOperation, ApiProblem, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import { MayRevoke } from '../mutations/may-revoke.decorator.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation, Replacement } from '../mutations/mutation.decorator.js';
import { ChangeClientAnchors } from './change-client-anchors.js';
import { ReadTrustAnchors } from './read-trust-anchors.js';
import type { ChangedAnchors } from './settle-client-anchors.js';
import {
  changedAnchorsExamples,
  clientAnchorExamples,
  clientAnchorsAnswerExamples,
  clientAnchorsExamples,
} from './trust-anchor.examples.js';
import {
  changedAnchorsOutput,
  clientAnchor,
  clientAnchors,
  clientAnchorsOutput,
  type ClientAnchor,
  type ClientAnchors,
} from './trust-anchor.schema.js';

const ClientId = () => Param('id', new IdentifierPipe('cli'));

@ApiTags('trust anchors')
@ApiProblem(404, '`not_found`')
@Controller('v1/clients/:id/trust-anchors')
@OnListener('mtls')
export class ClientTrustAnchorsController {
  constructor(
    private readonly changes: ChangeClientAnchors,
    private readonly anchors: ReadTrustAnchors,
  ) {}

  @Get()
  @RequireScope('registry:clients:read')
  @ApiOperation({ summary: 'List the trust anchors of a client', description: 'Scope `registry:clients:read`' })
  @ApiJson({
    status: 200,
    schema: clientAnchorsOutput,
    description: 'All of them, retired ones included. The ETag is the client’s.',
    examples: clientAnchorsAnswerExamples,
  })
  listClientAnchors(@ClientId() id: string) {
    return this.anchors.ofClient(id);
  }

  @Put()
  @RequireScope('registry:clients:write')
  @ApiOperation({
    summary: 'Set the trust anchors of a client',
    description: 'Scope `registry:clients:write`. If-Match is the client’s ETag.',
  })
  @ApiJsonBody({ schema: clientAnchors, examples: clientAnchorsExamples })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: changedAnchorsOutput,
    description: 'The anchors, and what they mean for its paths.',
    examples: changedAnchorsExamples,
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(409, '`client_retired`, `identity_taken`, `last_operator`, `registry_client_needed`')
  @ApiProblem(422, '`unknown_trust_anchor`, `identity_incomplete`')
  @ApiProblem(403, '`scope_not_held`')
  setClientAnchors(
    @ClientId() id: string,
    @Body({ schema: clientAnchors }) { trust_anchor_ids: ids }: ClientAnchors,
    @Replacement() mutation: MutationContext,
  ): Promise<ChangedAnchors> {
    return this.changes.replace(id, [...new Set(ids)], mutation);
  }

  @Post()
  @RequireScope('registry:clients:write')
  @ApiOperation({ summary: 'Give a client a trust anchor', description: 'Scope `registry:clients:write`' })
  @ApiJsonBody({ schema: clientAnchor, examples: clientAnchorExamples })
  @MayRevoke(201)
  @ApiJson({
    status: 201,
    schema: changedAnchorsOutput,
    description: 'The anchors, and what they mean for its paths.',
    examples: changedAnchorsExamples,
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(409, '`client_retired`, `identity_taken`, `last_operator`, `registry_client_needed`')
  @ApiProblem(422, '`unknown_trust_anchor`')
  @ApiProblem(403, '`scope_not_held`')
  addClientAnchor(
    @ClientId() id: string,
    @Body({ schema: clientAnchor }) { trust_anchor_id: anchorId }: ClientAnchor,
    @Mutation() mutation: MutationContext,
  ): Promise<ChangedAnchors> {
    return this.changes.add(id, anchorId, mutation);
  }

  @Delete(':anchor')
  @RequireScope('registry:clients:write')
  @ApiOperation({
    summary: 'Take a trust anchor from a client',
    description: 'Scope `registry:clients:write`. If-Match is the client’s ETag.',
  })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: changedAnchorsOutput,
    description: 'The anchors, and what they mean for its paths.',
    examples: changedAnchorsExamples,
  })
  @ApiProblem(409, '`client_retired`, `last_operator`, `registry_client_needed`')
  @ApiProblem(422, '`identity_incomplete`')
  @ApiProblem(403, '`scope_not_held`')
  removeClientAnchor(
    @ClientId() id: string,
    @Param('anchor', new IdentifierPipe('anc')) anchorId: string,
    @Replacement() mutation: MutationContext,
  ): Promise<ChangedAnchors> {
    return this.changes.remove(id, anchorId, mutation);
  }
}
