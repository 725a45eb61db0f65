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
import { pageQuery, pageRequest, type Page, type PageQuery } from '../http/page.js';
import { MERGE_PATCH } from '../http/request-bodies.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import { MayRevoke } from '../mutations/may-revoke.decorator.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Action, Mutation, Replacement } from '../mutations/mutation.decorator.js';
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
  @RequireScope('registry:trust-anchors:write')
  @ApiOperation({ summary: 'Register a trust anchor', description: 'Scope `registry:trust-anchors:write`' })
  @ApiJsonBody({ schema: newTrustAnchor, examples: newTrustAnchorExamples })
  @ApiJson({
    status: 201,
    schema: shownTrustAnchorOutput,
    description: 'The anchor. Nobody trusts it until a client is given it.',
    examples: shownTrustAnchorExamples,
  })
  @ApiProblem(400, '`invalid_request`, `certificate_malformed`, `certificate_bundle`, `private_key_in_request`')
  @ApiProblem(409, '`trust_anchor_known`, `partner_offboarded`')
  @ApiProblem(422, '`trust_anchor_refused`, with every check; `unknown_partner`')
  registerTrustAnchor(
    @Body({ schema: newTrustAnchor }) body: NewTrustAnchor,
    @Mutation() mutation: MutationContext,
  ): Promise<ShownTrustAnchor> {
    return this.registration.register(body, mutation);
  }

  @Get()
  @RequireScope('registry:trust-anchors:read')
  @ApiOperation({ summary: 'List trust anchors', description: 'Scope `registry:trust-anchors:read`' })
  @ApiJson({
    status: 200,
    schema: trustAnchorPageOutput,
    description: 'A page of anchors, oldest first.',
    examples: pageExamples(shownTrustAnchorExamples),
  })
  @ApiProblem(400, '`invalid_request`')
  listTrustAnchors(@Query({ schema: trustAnchorQuery }) query: TrustAnchorQuery): Promise<Page<ShownTrustAnchor>> {
    return this.anchors.page(pageRequest(query), filtersOf(query));
  }

  @Get(':id')
  @RequireScope('registry:trust-anchors:read')
  @ApiOperation({ summary: 'Read a trust anchor', description: 'Scope `registry:trust-anchors:read`' })
  @ApiJson({
    status: 200,
    schema: shownTrustAnchorOutput,
    description: 'The anchor.',
    examples: shownTrustAnchorExamples,
  })
  @ApiProblem(404, '`not_found`')
  getTrustAnchor(@AnchorId() id: string): Promise<ShownTrustAnchor> {
    return this.anchors.one(id);
  }

  @Get(':id/dependents')
  @RequireScope('registry:trust-anchors:read')
  @ApiOperation({
    summary: 'List who depends on a trust anchor',
    description: 'Scope `registry:trust-anchors:read`. What would break if it were retired.',
  })
  @ApiJson({
    status: 200,
    schema: dependentPageOutput,
    description: 'A page of clients that are not retired.',
    examples: pageExamples(dependentExamples),
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  listDependents(@AnchorId() id: string, @Query({ schema: pageQuery }) query: PageQuery): Promise<Page<Dependent>> {
    return this.anchors.dependents(id, pageRequest(query));
  }

  @Patch(':id')
  @RequireScope('registry:trust-anchors:write')
  @ApiOperation({ summary: 'Change a trust anchor', description: 'Scope `registry:trust-anchors:write`' })
  @ApiConsumes(MERGE_PATCH)
  @ApiJsonBody({ schema: trustAnchorPatch, examples: trustAnchorPatchExamples })
  @ApiJson({
    status: 200,
    schema: shownTrustAnchorOutput,
    description: 'The anchor as it is now.',
    examples: shownTrustAnchorExamples,
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`, `last_operator`, `registry_client_needed`')
  changeTrustAnchor(
    @AnchorId() id: string,
    @Body({ schema: trustAnchorPatch }) patch: TrustAnchorPatch,
    @Replacement() mutation: MutationContext,
  ): Promise<ShownTrustAnchor> {
    return this.changes.change(id, patch, mutation);
  }

  @Post(':id/retire')
  @RequireScope('registry:trust-anchors:write')
  @ApiOperation({
    summary: 'Retire a trust anchor',
    description: 'Scope `registry:trust-anchors:write`. Cannot be undone.',
  })
  @ApiJsonBody({ schema: trustAnchorRetirement, examples: retirementExamples })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: shownTrustAnchorOutput,
    description: 'The anchor, retired.',
    examples: shownTrustAnchorExamples,
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`trust_anchor_in_use`, `invalid_transition`, `last_operator`, `registry_client_needed`')
  retireTrustAnchor(
    @AnchorId() id: string,
    @Body({ schema: trustAnchorRetirement }) body: TrustAnchorRetirement,
    @Action() mutation: MutationContext,
  ): Promise<ShownTrustAnchor> {
    return this.retirement.retire(id, body, mutation);
  }
}
