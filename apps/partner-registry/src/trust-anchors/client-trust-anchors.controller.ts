import { Body, Controller, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation, VersionedMutation } from '../mutations/mutation.decorator.js';
import { ChangeClientAnchors } from './change-client-anchors.js';
import { ReadTrustAnchors } from './read-trust-anchors.js';
import type { ChangedAnchors } from './apply-anchor-change.js';
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
@Controller('v1/clients/:id/trust-anchors')
@OnListener('mtls')
export class ClientTrustAnchorsController {
  constructor(
    private readonly changes: ChangeClientAnchors,
    private readonly anchors: ReadTrustAnchors,
  ) {}

  @Get()
  @Operation({
    summary: 'List the trust anchors of a client',
    scope: 'registry:clients:read',
    answer: {
      schema: clientAnchorsOutput,
      description: 'All of them, retired ones included. The ETag is the client’s.',
      examples: clientAnchorsAnswerExamples,
    },
    refusals: ['not_found'],
  })
  listClientAnchors(@ClientId() id: string) {
    return this.anchors.ofClient(id);
  }

  @Put()
  @Operation({
    summary: 'Set the trust anchors of a client',
    description: 'If-Match is the client’s ETag.',
    scope: 'registry:clients:write',
    body: { schema: clientAnchors, examples: clientAnchorsExamples },
    answer: {
      schema: changedAnchorsOutput,
      description: 'The anchors, and what they mean for its paths.',
      examples: changedAnchorsExamples,
    },
    mayRevoke: true,
    refusals: [
      'not_found',
      'client_retired',
      'identity_taken',
      'last_operator',
      'registry_client_needed',
      'unknown_trust_anchor',
      'identity_incomplete',
      'scope_not_held',
    ],
  })
  setClientAnchors(
    @ClientId() id: string,
    @Body({ schema: clientAnchors }) { trust_anchor_ids: ids }: ClientAnchors,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<ChangedAnchors> {
    return this.changes.replace(id, [...new Set(ids)], mutation);
  }

  @Post()
  @Operation({
    summary: 'Give a client a trust anchor',
    scope: 'registry:clients:write',
    body: { schema: clientAnchor, examples: clientAnchorExamples },
    answer: {
      status: 201,
      schema: changedAnchorsOutput,
      description: 'The anchors, and what they mean for its paths.',
      examples: changedAnchorsExamples,
    },
    mayRevoke: true,
    refusals: [
      'not_found',
      'client_retired',
      'identity_taken',
      'last_operator',
      'registry_client_needed',
      'unknown_trust_anchor',
      'scope_not_held',
    ],
  })
  addClientAnchor(
    @ClientId() id: string,
    @Body({ schema: clientAnchor }) { trust_anchor_id: anchorId }: ClientAnchor,
    @Mutation() mutation: MutationContext,
  ): Promise<ChangedAnchors> {
    return this.changes.add(id, anchorId, mutation);
  }

  @Delete(':anchor')
  @Operation({
    summary: 'Take a trust anchor from a client',
    description: 'If-Match is the client’s ETag.',
    scope: 'registry:clients:write',
    answer: {
      schema: changedAnchorsOutput,
      description: 'The anchors, and what they mean for its paths.',
      examples: changedAnchorsExamples,
    },
    mayRevoke: true,
    refusals: [
      'not_found',
      'client_retired',
      'last_operator',
      'registry_client_needed',
      'identity_incomplete',
      'scope_not_held',
    ],
  })
  removeClientAnchor(
    @ClientId() id: string,
    @Param('anchor', new IdentifierPipe('anc')) anchorId: string,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<ChangedAnchors> {
    return this.changes.remove(id, anchorId, mutation);
  }
}
