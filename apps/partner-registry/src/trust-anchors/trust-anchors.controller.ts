import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { pageExamples } from '../http/examples.js';
import { filtersOf } from '../http/filters.js';
import { pageQuery, pageRequest, type Page, type PageQuery } from '../http/page.js';
import { MERGE_PATCH } from '../http/request-bodies.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation, VersionedMutation } from '../mutations/mutation.decorator.js';
import { ChangeTrustAnchor } from './change-trust-anchor.js';
import { ReadTrustAnchors } from './read-trust-anchors.js';
import { RegisterTrustAnchor } from './register-trust-anchor.js';
import { RetireTrustAnchor } from './retire-trust-anchor.js';
import type { ShownTrustAnchor } from './show-trust-anchors.js';
import {
  dependentExamples,
  newTrustAnchorExamples,
  retirementExamples,
  shownTrustAnchorExamples,
  trustAnchorPatchExamples,
} from './trust-anchor.examples.js';
import type { Dependent } from '../records/trust-anchor.repository.js';
import {
  dependentPageOutput,
  newTrustAnchor,
  shownTrustAnchorOutput,
  trustAnchorPageOutput,
  trustAnchorPatch,
  trustAnchorQuery,
  trustAnchorRetirement,
  type NewTrustAnchor,
  type TrustAnchorPatch,
  type TrustAnchorQuery,
  type TrustAnchorRetirement,
} from './trust-anchor.schema.js';

const AnchorId = () => Param('id', new IdentifierPipe('anc'));

@ApiTags('trust anchors')
@Controller('v1/trust-anchors')
@OnListener('mtls')
export class TrustAnchorsController {
  constructor(
    private readonly registration: RegisterTrustAnchor,
    private readonly changes: ChangeTrustAnchor,
    private readonly retirement: RetireTrustAnchor,
    private readonly anchors: ReadTrustAnchors,
  ) {}

  @Post()
  @Operation({
    summary: 'Register a trust anchor',
    scope: 'registry:trust-anchors:write',
    body: { schema: newTrustAnchor, examples: newTrustAnchorExamples },
    answer: {
      status: 201,
      schema: shownTrustAnchorOutput,
      description: 'The anchor. Nobody trusts it until a client is given it.',
      examples: shownTrustAnchorExamples,
    },
    refusals: [
      'certificate_malformed',
      'certificate_bundle',
      'trust_anchor_known',
      'partner_offboarded',
      'trust_anchor_refused',
      'unknown_partner',
    ],
  })
  registerTrustAnchor(
    @Body({ schema: newTrustAnchor }) body: NewTrustAnchor,
    @Mutation() mutation: MutationContext,
  ): Promise<ShownTrustAnchor> {
    return this.registration.register(body, mutation);
  }

  @Get()
  @Operation({
    summary: 'List trust anchors',
    scope: 'registry:trust-anchors:read',
    answer: {
      schema: trustAnchorPageOutput,
      description: 'A page of anchors, oldest first.',
      examples: pageExamples(shownTrustAnchorExamples),
    },
  })
  listTrustAnchors(@Query({ schema: trustAnchorQuery }) query: TrustAnchorQuery): Promise<Page<ShownTrustAnchor>> {
    return this.anchors.page(pageRequest(query), filtersOf(query));
  }

  @Get(':id')
  @Operation({
    summary: 'Read a trust anchor',
    scope: 'registry:trust-anchors:read',
    answer: { schema: shownTrustAnchorOutput, description: 'The anchor.', examples: shownTrustAnchorExamples },
    refusals: ['not_found'],
  })
  getTrustAnchor(@AnchorId() id: string): Promise<ShownTrustAnchor> {
    return this.anchors.one(id);
  }

  @Get(':id/dependents')
  @Operation({
    summary: 'List who depends on a trust anchor',
    description: 'What would break if it were retired.',
    scope: 'registry:trust-anchors:read',
    answer: {
      schema: dependentPageOutput,
      description: 'A page of clients that are not retired.',
      examples: pageExamples(dependentExamples),
    },
    refusals: ['not_found'],
  })
  listDependents(@AnchorId() id: string, @Query({ schema: pageQuery }) query: PageQuery): Promise<Page<Dependent>> {
    return this.anchors.dependents(id, pageRequest(query));
  }

  @Patch(':id')
  @Operation({
    summary: 'Change a trust anchor',
    scope: 'registry:trust-anchors:write',
    body: { type: MERGE_PATCH, schema: trustAnchorPatch, examples: trustAnchorPatchExamples },
    answer: {
      schema: shownTrustAnchorOutput,
      description: 'The anchor as it is now.',
      examples: shownTrustAnchorExamples,
    },
    refusals: ['not_found', 'invalid_transition', 'last_operator', 'registry_client_needed'],
  })
  changeTrustAnchor(
    @AnchorId() id: string,
    @Body({ schema: trustAnchorPatch }) patch: TrustAnchorPatch,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<ShownTrustAnchor> {
    return this.changes.change(id, patch, mutation);
  }

  @Post(':id/retire')
  @Operation({
    summary: 'Retire a trust anchor',
    description: 'Cannot be undone.',
    scope: 'registry:trust-anchors:write',
    body: { schema: trustAnchorRetirement, examples: retirementExamples },
    answer: { schema: shownTrustAnchorOutput, description: 'The anchor, retired.', examples: shownTrustAnchorExamples },
    mayRevoke: true,
    refusals: ['not_found', 'trust_anchor_in_use', 'invalid_transition', 'last_operator', 'registry_client_needed'],
  })
  retireTrustAnchor(
    @AnchorId() id: string,
    @Body({ schema: trustAnchorRetirement }) body: TrustAnchorRetirement,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<ShownTrustAnchor> {
    return this.retirement.retire(id, body, mutation);
  }
}
